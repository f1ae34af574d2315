"""The autoencoder as an instrument: it finds a stain, and is compared with principal components."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from curvedesk.learn.anomaly import Threshold, error_map, reconstructed
from curvedesk.learn.autoencoder import Autoencoder
from curvedesk.learn.encoders import save_encoder
from curvedesk.learn.instrument import KINDS, instrument, plant
from curvedesk.learn.subspace import Components, bottleneck_features, cells_with, compare, patches, probe_accuracy
from tests.learn.toy_paper import SIDE, by_heart, form_reader, gray_of, pages, ruled


def test_a_planted_stain_stands_out_by_three_sigma_and_clean_paper_does_not() -> None:
    net = form_reader()
    clean = [gray_of(ruled()[i : i + 1]) for i in range(4)]
    threshold = Threshold.of(error_map(net, page) for page in clean)
    y, x = np.mgrid[:SIDE, :SIDE]
    stain = (y - 12) ** 2 + (x - 24) ** 2 < 9**2
    soiled = clean[0].copy()
    soiled[stain] = 20
    found = threshold.exceeded(error_map(net, soiled))
    assert found[stain].mean() > 0.5
    assert threshold.exceeded(error_map(net, clean[0])).mean() < 0.05
    assert (found & ~stain).sum() < stain.sum()


def test_the_threshold_is_mean_and_three_sigma() -> None:
    threshold = Threshold.of([np.array([[1.0, 3.0]], np.float32), np.array([[1.0, 3.0]], np.float32)])
    assert (threshold.mean, threshold.sigma, threshold.error) == (2.0, 1.0, 5.0)
    assert threshold.exceeded(np.array([5.0, 5.1], np.float32)).tolist() == [False, True]


def test_any_size_of_paper_is_reconstructed_with_tiles_blended() -> None:
    torch.manual_seed(1)
    page = np.full((40, 300), 255, np.uint8)
    page[:, 150] = 0
    out = reconstructed(Autoencoder().eval(), page)
    assert out.shape == page.shape
    assert np.isfinite(out).all()
    assert 0 <= out.min() <= out.max() <= 1 + 1e-5


def test_more_components_restore_more_and_all_of_them_everything() -> None:
    torch.manual_seed(2)
    paper = torch.rand(6, 1, 96, 96)
    errors = [float((Components.fit(paper, size=n).restored(paper) - paper).abs().mean()) for n in (4, 128, 256)]
    assert errors[0] > errors[1] > errors[2]
    assert errors[2] < 1e-5


def test_features_of_both_describe_the_same_cells() -> None:
    paper = pages()
    components = Components.fit(paper, size=8)
    assert bottleneck_features(by_heart(), paper).shape == (4 * 9, 128)
    assert components.features(paper).shape == (4 * 9, 8)
    assert np.array_equal(cells_with(paper), patches(paper).max(axis=1) > 0.5)


def test_the_comparison_scores_both_on_the_same_paper() -> None:
    paper = pages()
    score = compare(by_heart(), Components.fit(paper, size=1), paper)
    assert score.size == 1
    assert score.autoencoder_loss < score.components_loss  # pages known by heart against one component
    full = compare(by_heart(), Components.fit(paper, size=36), paper)
    assert full.components_error < 1e-5 < full.autoencoder_error


def test_a_linear_probe_is_right_where_features_tell_and_at_chance_where_not() -> None:
    rng = np.random.default_rng(1)
    truth = rng.random(600) < 0.2
    telling = rng.standard_normal((600, 5)) + 3 * truth[:, None]
    mute = rng.standard_normal((600, 5))

    def score(features: np.ndarray) -> float:
        return probe_accuracy((features[:300], truth[:300]), (features[300:], truth[300:]))

    assert score(telling) > 0.95
    assert score(mute) == pytest.approx(0.5, abs=0.12)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_planted_lies_where_it_is_said_to_and_the_rest_is_as_it_was(kind: str) -> None:
    paper = np.full((256, 256), 240, np.uint8)
    planted = plant(paper, kind, np.random.default_rng(3))
    changed = planted.gray != paper
    assert changed.sum() > 60
    assert planted.where[changed].all()
    assert planted.where.mean() < 0.5


def test_the_instrument_reports_places_and_features_of_a_saved_encoder(tmp_path: Path) -> None:
    torch.manual_seed(4)
    save_encoder(tmp_path / "enc", Autoencoder(), {})
    report = instrument(tmp_path / "enc", crops=3)
    assert [row[0] for row in report.tables[0].rows] == list(KINDS)
    assert all(0 <= value <= 1 for row in report.tables[0].rows for value in row[1:] if isinstance(value, float))
    assert [row[0] for row in report.tables[1].rows] == ["autoencoder", "128 principal components"]
    assert len(report.tables[2].rows) == 3
