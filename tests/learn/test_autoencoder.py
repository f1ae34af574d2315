"""The autoencoder: nothing passes but the bottleneck, and blank paper does not win."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional

from curvedesk.learn.autoencoder import Autoencoder, ink_of, reconstruction_loss
from curvedesk.learn.leaks import probe
from curvedesk.learn.net import CurveNet, NormRule
from tests.learn.toy_paper import as_batch, by_heart, pages


@pytest.fixture(scope="module")
def page() -> torch.Tensor:
    """A thin pen on much paper, (1, 1, 64, 64)."""
    paper = torch.zeros(1, 1, 64, 64)
    paper[..., 30:32] = 1
    return paper


@pytest.mark.parametrize("rule", list(NormRule))
def test_the_encoder_is_curvenets_own(rule: NormRule) -> None:
    encoder, net = Autoencoder(rule).encoder, CurveNet(rule=rule)
    net.encoder.load_state_dict(encoder.state_dict())
    x = torch.rand(1, 1, 32, 48)
    assert torch.equal(net.eval().encoder(x).bottleneck, encoder.eval()(x).bottleneck)


def test_the_output_has_the_size_of_the_input() -> None:
    assert Autoencoder().eval()(torch.rand(2, 1, 32, 80)).shape == (2, 1, 32, 80)


@pytest.mark.parametrize("leaky", [False, True])
def test_no_gradient_finds_a_way_around_the_bottleneck_unless_the_net_leaks(leaky: bool) -> None:
    net = Autoencoder(leaky=leaky).eval()
    x = torch.rand(1, 1, 32, 32, requires_grad=True)
    encoding = net.encoder(x)
    net.decode(encoding._replace(bottleneck=encoding.bottleneck.detach())).sum().backward()
    reached = x.grad is not None and bool(x.grad.abs().sum() > 0)
    assert reached is leaky


def test_a_foreign_bottleneck_hurts_and_an_empty_one_is_ruin() -> None:
    leaks = probe(by_heart(), as_batch(pages()))
    assert leaks.whole < 0.6 * leaks.blank
    assert leaks.shuffled > 2 * leaks.whole
    assert leaks.zeroed > 1.5 * leaks.whole
    assert leaks.sealed


def test_the_probes_find_out_a_net_with_skips() -> None:
    leaks = probe(by_heart(leaky=True), as_batch(pages()))
    assert leaks.whole < 0.6 * leaks.blank
    assert leaks.shuffled < 1.1 * leaks.whole
    assert not leaks.sealed


def test_one_piece_cannot_be_shuffled() -> None:
    with pytest.raises(ValueError, match="shuffled"):
        probe(Autoencoder().eval(), as_batch(pages()[:1]))


def test_blank_paper_loses_against_a_blurred_or_shifted_pen(page: torch.Tensor) -> None:
    nothing = torch.zeros_like(page)
    blank = float(reconstruction_loss(nothing, page, nothing))
    blurred = float(reconstruction_loss(functional.avg_pool2d(page, 3, 1, 1), page, nothing))
    shifted = float(reconstruction_loss(page.roll(1, -1), page, nothing))
    assert blurred < shifted < blank
    assert float(nothing.sub(page).abs().mean()) < 0.05  # what a plain mean would have said of it
    assert blank > 0.1


def test_black_all_around_the_ink_is_a_worse_answer_than_blank_paper(page: torch.Tensor) -> None:
    black = functional.max_pool2d(page, 17, 1, 8)
    blank = torch.zeros_like(page)
    smeared = float(reconstruction_loss(black, page, blank))
    assert smeared > 1.5 * float(reconstruction_loss(blank, page, blank))


def test_erased_ink_weighs_more_than_ink_that_stayed(page: torch.Tensor) -> None:
    touched = torch.zeros_like(page)
    touched[..., :32, :] = 1
    lost_there, lost_elsewhere = page.clone(), page.clone()
    lost_there[..., :32, :] = 0
    lost_elsewhere[..., 32:, :] = 0
    there, elsewhere = (float(reconstruction_loss(out, page, touched)) for out in (lost_there, lost_elsewhere))
    assert there > 2 * elsewhere


def test_a_perfect_copy_costs_nothing_even_of_blank_paper(page: torch.Tensor) -> None:
    for paper in (page, torch.zeros_like(page)):
        assert float(reconstruction_loss(paper, paper, torch.ones_like(paper))) == 0


def test_shaded_paper_and_black_film_are_no_ink(page: torch.Tensor) -> None:
    assert float(ink_of(torch.full_like(page, 0.3)).max()) < 1e-6
    film = torch.ones(1, 1, 96, 96)
    assert float(ink_of(film).max()) < 1e-6
    assert float(ink_of(page)[..., 30:32].min()) > 0.8
