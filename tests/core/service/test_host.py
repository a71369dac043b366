"""The process of the Windows service; what Windows starts and stops is in tests/rigs/windows."""

from __future__ import annotations

import sys

import pytest

from bascule.service.host import be_service


@pytest.mark.skipif(sys.platform != "win32", reason="the service manager of Windows")
def test_who_types_it_is_told_what_to_type():
    served: list[object] = []
    with pytest.raises(OSError, match="bascule service start"):
        be_service(served.append)
    assert served == []
