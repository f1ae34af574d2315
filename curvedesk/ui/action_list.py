"""Every action of the window as data; menus, shortcuts sheet and tests are made from this list."""

from __future__ import annotations

from curvedesk.ui import action_runs as run
from curvedesk.ui import action_views as view
from curvedesk.ui.actions import ActionSpec, with_curves, with_scan, with_sheet
from curvedesk.ui.panels import PANELS

FILE, EDIT, WORK, TOOLS, VIEW, GO, CURVE, PANELS_GROUP, HELP = (
    "File",
    "Edit",
    "Steps",
    "Tools",
    "View",
    "Go to",
    "Curves",
    "Panels",
    "Help",
)
GROUPS = (FILE, WORK, EDIT, TOOLS, CURVE, VIEW, GO, PANELS_GROUP, HELP)

# id, text, icon, key, tip: the tool in hand decides what the pointer does on the paper
# The tools themselves (session.tools) load tracing and its libraries; a test holds this list to theirs.
TOOL_ROWS = (
    ("pan", "Move the paper", "pan", "V", "Move the paper; Space held does the same with any tool"),
    (
        "pen",
        "Pen: the curve runs here",
        "pen",
        "P",
        "Draw where the active curve runs, or click corner by corner and press Enter; Alt keeps the pen off the ink",
    ),
    ("erase", "Eraser", "eraser", "E", "Take strokes away, or the part under the eraser"),
    (
        "not_curve",
        "Not a curve",
        "not-curve",
        "N",
        "Paint over ink that is no curve: grid, text, stains; Alt with the wheel: width",
    ),
    ("null", "No reading", "null", "O", "Drag over rows in which the active curve has no reading"),
    ("accept", "Accept rows", "accept", "A", "Drag over rows in which the active curve is right"),
    ("swap", "Swap from here down", "swap", "X", "From the row you click down, the two nearest curves change places"),
    (
        "back_up",
        "Back-up scale",
        "back-up",
        "U",
        "Click on a curve that is on its next back-up scale there; with Shift: on the one before",
    ),
    (
        "vertex",
        "Drag a point",
        "vertex",
        "D",
        "Drag the curve itself, corners of strokes, depth ties and track borders",
    ),
    ("tie", "Depth tie", "tie", "T", "Click a depth line and type its depth; drag a tie, or press Delete over it"),
    ("edge", "Track border", "edge", "B", "Drag a track's border onto the print; Delete takes a point away"),
)

FILE_ACTIONS = (
    ActionSpec("open", "Open...", FILE, run.open_dialog, "open", "Ctrl+O", "Open a scan, a project or a sheet"),
    ActionSpec("open_sample", "Open the sample log", FILE, run.open_sample, "sample"),
    ActionSpec("save", "Save", FILE, run.save, "save", "Ctrl+S", "Save the project", enabled=with_scan),
    ActionSpec("save_as", "Save as...", FILE, run.save_as, "", "Ctrl+Shift+S", enabled=with_scan),
    ActionSpec(
        "carry_scan",
        "Scan inside the project",
        FILE,
        run.carry_scan,
        "scan",
        "",
        "Put a copy of the scan into the project's file, so that it can be mailed; once more takes it out",
        with_scan,
        run.carries_scan,
    ),
    ActionSpec("save_sheet", "Save the sheet...", FILE, run.save_sheet, "sheet", enabled=with_sheet),
    ActionSpec("save_strokes", "Save the strokes...", FILE, run.save_strokes, "pen", enabled=with_scan),
    ActionSpec("close", "Close", FILE, run.close_document, "", "Ctrl+W", enabled=run.has_document),
    ActionSpec("quit", "Quit", FILE, run.quit_program, "", "Ctrl+Q"),
)

WORK_ACTIONS = (
    ActionSpec(
        "read_sheet",
        "Read the sheet",
        WORK,
        run.read_sheet,
        "sheet",
        "Ctrl+R",
        "Read depths, tracks and scales off the paper",
        run.can_read,
    ),
    ActionSpec(
        "predict",
        "Predict",
        WORK,
        run.predict,
        "predict",
        "Ctrl+P",
        "Find every curve, what you look at first",
        run.can_predict,
    ),
    ActionSpec(
        "improve",
        "Improve from my strokes",
        WORK,
        run.improve,
        "improve",
        "Ctrl+I",
        "Learn from your strokes; kept only if it is better",
        run.can_improve,
    ),
    ActionSpec(
        "export",
        "Export LAS...",
        WORK,
        run.export,
        "export",
        "Ctrl+E",
        "Write LAS, CSV, overlay and labels",
        with_curves,
    ),
    ActionSpec("cancel_job", "Stop", WORK, run.cancel_job, "stop", "Ctrl+.", "Stop what is running", run.is_working),
)

EDIT_ACTIONS = (
    ActionSpec("undo", "Undo", EDIT, run.undo, "undo", "Ctrl+Z", "Take the last thing back", run.can_undo),
    ActionSpec(
        "redo", "Redo", EDIT, run.redo, "redo", "Ctrl+Shift+Z;Ctrl+Y", "Do again what was taken back", run.can_redo
    ),
    ActionSpec("escape", "Let go", EDIT, run.escape, "", "Esc", "Drop what is half done, or close what lies over"),
)

TOOL_ACTIONS = (
    *(
        ActionSpec(f"tool_{name}", text, TOOLS, run.Tool(name), icon, key, tip, with_scan, run.HasTool(name))
        for name, text, icon, key, tip in TOOL_ROWS
    ),
    ActionSpec("wider", "Wider stroke", TOOLS, run.wider, "", "]", "The wheel with Alt does the same", with_scan),
    ActionSpec("thinner", "Thinner stroke", TOOLS, run.thinner, "", "[", "", with_scan),
)

CURVE_ACTIONS = (
    *(
        ActionSpec(f"curve_{n}", f"Curve {n}", CURVE, run.Curve(n), "", str(n), "", run.HasCurve(n), in_menu=False)
        for n in range(1, 10)
    ),
    ActionSpec("next_curve", "Next curve", CURVE, run.next_curve, "down", "Shift+Down", "", with_sheet),
    ActionSpec("previous_curve", "Previous curve", CURVE, run.previous_curve, "up", "Shift+Up", "", with_sheet),
    ActionSpec(
        "accept_seen",
        "Accept what is in view",
        CURVE,
        run.accept_seen,
        "accept",
        "Return;Enter",
        "The active curve is right in the rows you see",
        run.has_active_curve,
        on_canvas=True,
    ),
    ActionSpec("show_curve", "Show or hide the curve", CURVE, run.toggle_curve, "eye", "H", "", run.has_active_curve),
    ActionSpec("lock_curve", "Lock or unlock the curve", CURVE, run.lock_curve, "lock", "L", "", run.has_active_curve),
)

VIEW_ACTIONS = (
    ActionSpec("grid", "Calibration grid", VIEW, view.toggle_grid, "grid", "G", "", with_sheet, view.Flag("grid")),
    ActionSpec(
        "mask_held",
        "Hide the mask while held",
        VIEW,
        view.hide_mask,
        "",
        "M",
        "",
        with_scan,
        released=view.show_mask,
        in_menu=False,
    ),
    ActionSpec("mask", "Mask", VIEW, view.toggle_mask, "mask", "Shift+M", "", with_scan, view.Flag("mask")),
    ActionSpec("curves", "Curves", VIEW, view.toggle_curves, "curves", "Shift+C", "", with_scan, view.Flag("curves")),
    ActionSpec(
        "confidence",
        "Confidence",
        VIEW,
        view.toggle_confidence,
        "quality",
        "Shift+Q",
        "",
        with_scan,
        view.Flag("confidence"),
    ),
    ActionSpec(
        "before",
        "Before and after",
        VIEW,
        view.toggle_before,
        "compare",
        "Tab",
        "The curves as they were before the last change by the program",
        with_curves,
        view.Flag("before"),
        on_canvas=True,
    ),
    ActionSpec("zoom_in", "Zoom in", VIEW, view.zoom_in, "zoom-in", "+;=;Ctrl++", "", with_scan),
    ActionSpec("zoom_out", "Zoom out", VIEW, view.zoom_out, "zoom-out", "-;Ctrl+-", "", with_scan),
    ActionSpec("fit_width", "Fit the width", VIEW, view.fit_width, "fit-width", "W;Ctrl+0", "", with_scan),
    ActionSpec("fit_all", "Whole log", VIEW, view.fit_all, "scan", "Shift+W", "", with_scan),
    ActionSpec("actual", "Actual pixels", VIEW, view.actual_pixels, "", "Ctrl+1", "", with_scan),
    ActionSpec(
        "column",
        "Right column",
        VIEW,
        view.toggle_column,
        "panel",
        "F4",
        "Fold the right column away",
        run.has_document,
        view.column_shown,
    ),
    ActionSpec(
        "theme_system", "Colours of the system", VIEW, view.ThemeOf("system"), "theme", checked=view.HasTheme("system")
    ),
    ActionSpec("theme_light", "Light", VIEW, view.ThemeOf("light"), checked=view.HasTheme("light")),
    ActionSpec("theme_dark", "Dark", VIEW, view.ThemeOf("dark"), checked=view.HasTheme("dark")),
)

GO_ACTIONS = (
    ActionSpec("go_to_depth", "Depth...", GO, view.go_to_depth, "depth", "Ctrl+G", "Type a depth", with_sheet),
    ActionSpec("next_place", "Next doubtful place", GO, view.next_place, "down", "J", "", with_curves),
    ActionSpec("previous_place", "Previous doubtful place", GO, view.previous_place, "up", "K", "", with_curves),
    ActionSpec("page_down", "A screen down", GO, view.page_down, "", "PgDown", "", with_scan),
    ActionSpec("page_up", "A screen up", GO, view.page_up, "", "PgUp", "", with_scan),
    ActionSpec("top", "Top of the log", GO, view.top, "", "Home", "", with_scan, on_canvas=True),
    ActionSpec("bottom", "Bottom of the log", GO, view.bottom, "", "End", "", with_scan, on_canvas=True),
    ActionSpec("next_tab", "Next document", GO, view.next_tab, "", "Ctrl+PgDown;Ctrl+Tab", "", run.has_document),
    ActionSpec(
        "previous_tab", "Previous document", GO, view.previous_tab, "", "Ctrl+PgUp;Ctrl+Shift+Tab", "", run.has_document
    ),
)

PANEL_ACTIONS = tuple(
    ActionSpec(
        f"panel_{panel.id}",
        panel.title,
        PANELS_GROUP,
        view.ShowPanel(panel.id),
        panel.icon,
        f"Alt+{n}",
        panel.tip,
        run.has_document,
    )
    for n, panel in enumerate(PANELS, 1)
)

HELP_ACTIONS = (
    ActionSpec("help", "Help", HELP, view.show_help, "help", "F1"),
    ActionSpec(
        "shortcuts", "Keys", HELP, view.show_shortcuts, "keyboard", "?;Ctrl+/", "Every key, and how to change it"
    ),
    ActionSpec("guide", "Guide in five steps", HELP, view.show_guide, "sample", "", "Five steps over the sample log"),
    ActionSpec("menu", "Menu", HELP, view.show_menu, "menu", "F10", in_menu=False),
)

ACTIONS: tuple[ActionSpec, ...] = (
    *FILE_ACTIONS,
    *WORK_ACTIONS,
    *EDIT_ACTIONS,
    *TOOL_ACTIONS,
    *CURVE_ACTIONS,
    *VIEW_ACTIONS,
    *GO_ACTIONS,
    *PANEL_ACTIONS,
    *HELP_ACTIONS,
)
TOOL_GROUPS = (
    tuple(f"tool_{row[0]}" for row in TOOL_ROWS),
    ("grid", "mask"),
)
