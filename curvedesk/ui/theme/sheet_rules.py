"""Rules of the style sheet, by what they dress. ``$name`` is a colour of ``Tokens``, ``$marks`` the folder of marks."""

GROUNDS = """
QWidget { color: $text; }
QMainWindow, QDialog, QWidget[role="bar"], QWidget[role="panel"] { background: $ground; }
QWidget[role="sunken"], QScrollArea[role="sunken"] { background: $sunken; }
QWidget[role="raised"] { background: $raised; border: 1px solid $border; border-radius: 8px; }
QWidget[role="chosen"] { background: $accent_soft; border-radius: ${radius}px; }
QFrame[role="hairline"] { background: $hairline; border: none; max-height: 1px; min-height: 1px; }
QFrame[role="upright"] { background: $hairline; border: none; max-width: 1px; min-width: 1px; }
QFrame[role="banner-warn"] { background: $warn_soft; border: none; }
QFrame[role="banner-error"] { background: $bad_soft; border: none; }
QFrame[role="banner-info"] { background: $accent_soft; border: none; }
QFrame[role="drop"] { background: $ground; border: 2px dashed $border; border-radius: 12px; }
QFrame[role="drop"][hot="true"] { background: $accent_soft; border: 2px dashed $accent; }
QLabel { background: transparent; border: none; }
QLabel[role="muted"], QLabel[role="small"] { color: $muted; }
QLabel[role="strong"], QLabel[role="title"] { font-weight: 600; }
QLabel[role="title"] { font-size: ${title_pt}pt; }
QLabel[role="small"], QLabel[role="chip"], QLabel[role="key"] { font-size: ${small_pt}pt; }
QLabel[role="good"] { color: $good; }
QLabel[role="warn"] { color: $warn; }
QLabel[role="bad"] { color: $bad; }
QLabel[role="chip"] { background: $accent_soft; color: $accent; border-radius: 9px; padding: 1px 8px; }
QLabel[role="key"] { background: $sunken; border: 1px solid $border; border-radius: 4px; padding: 1px 6px; }
QToolTip { background: $raised; color: $text; border: 1px solid $border; padding: 4px 6px; }
"""

BUTTONS = """
QPushButton { background: $ground; border: 1px solid $border; border-radius: ${radius}px; padding: 0 12px;
  min-height: 30px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $accent_soft; }
QPushButton:focus { border-color: $accent; }
QPushButton:disabled { color: $muted; border-color: $hairline; }
QPushButton[kind="primary"] { background: $accent_fill; border-color: $accent_fill; color: $on_accent; }
QPushButton[kind="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[kind="primary"]:focus { border-color: $text; }
QPushButton[kind="primary"]:disabled { background: $hover; border-color: $hairline; color: $muted; }
QPushButton[kind="quiet"] { background: transparent; border-color: transparent; }
QPushButton[kind="quiet"]:hover { background: $hover; }
QPushButton[kind="quiet"]:focus { border-color: $accent; }
QPushButton[kind="link"] { background: transparent; border-color: transparent; color: $accent; padding: 0 4px;
  min-height: 26px; }
QPushButton[kind="link"][flush="true"] { padding: 0; border-width: 0; margin-right: 8px; }
QPushButton[kind="link"]:hover { text-decoration: underline; }
QPushButton[kind="link"]:focus { border-color: $accent; }
QPushButton[kind="row"] { background: transparent; border-color: transparent; text-align: left; padding: 0 8px; }
QPushButton[kind="row"]:hover { background: $hover; }
QPushButton[kind="row"]:focus { border-color: $accent; }
QPushButton[kind="key"] { background: transparent; border-color: transparent; text-align: right; color: $muted;
  padding: 0 8px; }
QPushButton[kind="key"]:hover { background: $hover; color: $text; }
QPushButton[kind="key"]:focus { border-color: $accent; }
QToolButton { background: transparent; border: 1px solid transparent; border-radius: ${radius}px; }
QToolButton:hover { background: $hover; }
QToolButton:checked { background: $accent_soft; color: $accent; }
QToolButton:focus { border-color: $accent; }
QToolButton:disabled { color: $muted; }
QToolButton::menu-indicator { image: none; width: 0; }
QPushButton::menu-indicator { image: url($marks/chevron-down.svg); width: 12px; right: 6px;
  subcontrol-position: right center; }
"""

FIELDS = """
QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDoubleSpinBox, QComboBox, QDateEdit { background: $ground;
  border: 1px solid $border; border-radius: ${radius}px; min-height: 28px; padding: 0 8px;
  selection-background-color: $accent_fill; selection-color: $on_accent; }
QPlainTextEdit, QTextEdit { padding: 4px 6px; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus
  { border-color: $accent; }
QLineEdit:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled, QComboBox:disabled { color: $muted;
  background: $sunken; }
QLineEdit[wrong="true"], QDoubleSpinBox[wrong="true"], QComboBox[wrong="true"] { border-color: $bad; }
QSpinBox, QDoubleSpinBox { padding-right: 20px; }
QSpinBox::up-button, QDoubleSpinBox::up-button { subcontrol-origin: border; subcontrol-position: top right;
  width: 20px; border: none; }
QSpinBox::down-button, QDoubleSpinBox::down-button { subcontrol-origin: border;
  subcontrol-position: bottom right; width: 20px; border: none; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow { image: url($marks/chevron-up.svg); width: 10px; height: 10px; }
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow { image: url($marks/chevron-down.svg); width: 10px; height: 10px; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: url($marks/chevron-down.svg); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $border; outline: none; padding: 4px; }
QComboBox QAbstractItemView::item { min-height: 28px; padding: 0 8px; border-radius: 4px; }
QComboBox QAbstractItemView::item:selected { background: $accent_soft; color: $text; }
QCheckBox, QRadioButton { spacing: 8px; min-height: 28px; background: transparent; }
QCheckBox::indicator { width: 16px; height: 16px; border: 1px solid $muted; border-radius: 4px; background: $ground; }
QCheckBox::indicator:checked { background: $accent_fill; border-color: $accent_fill; image: url($marks/accept.svg); }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border-color: $accent; }
QCheckBox:disabled, QRadioButton:disabled { color: $muted; }
QRadioButton::indicator { width: 16px; height: 16px; border: 1px solid $muted; border-radius: 9px;
  background: $ground; }
QRadioButton::indicator:checked { border: 5px solid $accent_fill; width: 8px; height: 8px; border-radius: 9px; }
QSlider { min-height: 28px; background: transparent; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $hairline; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: $accent_fill; }
QSlider::handle:horizontal { width: 14px; height: 14px; margin: -6px 0; border-radius: 8px; background: $ground;
  border: 1px solid $muted; }
QSlider::handle:horizontal:focus, QSlider::handle:horizontal:hover { border-color: $accent; }
QProgressBar { background: $hairline; border: none; border-radius: 3px; min-height: 6px; max-height: 6px; }
QProgressBar::chunk { background: $accent_fill; border-radius: 3px; }
"""

LISTS = """
QAbstractItemView { background: $ground; border: none; outline: none; selection-background-color: $accent_soft;
  selection-color: $text; gridline-color: $hairline; }
QListView::item, QTreeView::item { min-height: 30px; padding: 0 8px; border-radius: ${radius}px; color: $text; }
QTableView::item { padding: 0 8px; }
QTableView[role="dense"]::item { padding: 0 4px; }
QTableView[role="dense"] QHeaderView::section { padding: 4px; }
QListView::item:hover, QTreeView::item:hover { background: $hover; }
QListView::item:selected, QTreeView::item:selected, QTableView::item:selected { background: $accent_soft;
  color: $text; }
QHeaderView { background: $ground; border: none; }
QHeaderView::section { background: $ground; color: $muted; border: none; border-bottom: 1px solid $hairline;
  padding: 4px 8px; }
QTableCornerButton::section { background: $ground; border: none; }
QMenu { background: $raised; border: 1px solid $border; border-radius: 8px; padding: 6px; }
QMenu::item { padding: 6px 28px 6px 12px; border-radius: 4px; min-height: 18px; }
QMenu::item:selected { background: $accent_soft; }
QMenu::item:disabled { color: $muted; }
QMenu::separator { height: 1px; background: $hairline; margin: 6px 8px; }
QMenu::icon { padding-left: 8px; }
QMenu::indicator { width: 14px; height: 14px; left: 6px; }
QMenu::right-arrow { image: url($marks/chevron-right.svg); width: 12px; height: 12px; right: 8px; }
QTextBrowser { background: $ground; border: none; padding: 0; }
"""

BARS = """
QMainWindow::separator { background: $hairline; width: 1px; height: 1px; }
QMainWindow::separator:hover { background: $accent; }
QDockWidget { border: none; }
QDockWidget > QWidget { background: $ground; }
QTabBar { background: $ground; border: none; qproperty-drawBase: 0; }
QTabBar::tab { background: $ground; color: $muted; border: none; border-bottom: 2px solid transparent;
  padding: 0 10px; min-height: 38px; }
QMainWindow > QTabBar::tab { padding: 0 6px; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $accent; border-bottom: 2px solid $accent; }
QTabBar::tab:focus { color: $text; }
QTabBar[role="documents"]::tab { padding: 0 8px 0 16px; min-height: 34px; }
QTabBar::close-button { image: url($marks/close.svg); subcontrol-position: right; width: 16px; height: 16px; }
QTabBar::close-button:hover { background: $hover; border-radius: 4px; }
QTabBar QToolButton { background: $ground; border: none; border-radius: 0; }
QTabWidget::pane { border: none; }
"""

SCROLLING = """
QScrollArea { border: none; background: transparent; }
QScrollArea > QWidget > QWidget[role="panel"] { background: $ground; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $border; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: $hairline; }
"""
