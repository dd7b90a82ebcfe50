//! Whole-system stories, told as tests: see `tests/it`.
