"""What every test gets. Fixtures for one folder stand in that folder's own conftest."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite("tests.helpers")
