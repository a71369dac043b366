"""Owns the functions of Windows that a service needs, with the types of what they take.

ctypes is enough for fifteen functions: no package beside the standard library. A call that fails
raises OSError with Windows' own number and sentence. Names are Windows' own (winsvc.h, sddl.h).
"""

from __future__ import annotations

import ctypes
import sys
from ctypes import POINTER, c_void_p
from ctypes.wintypes import BOOL, DWORD, HANDLE, LPCWSTR, LPVOID, LPWSTR
from typing import Any

# Access rights
SC_MANAGER_CONNECT = 0x0001
SC_MANAGER_CREATE_SERVICE = 0x0002
SERVICE_CHANGE_CONFIG = 0x0002
SERVICE_QUERY_STATUS = 0x0004
SERVICE_START = 0x0010
SERVICE_STOP = 0x0020
DELETE = 0x0001_0000
TOKEN_QUERY = 0x0008

# What a service is
SERVICE_WIN32_OWN_PROCESS = 0x0010
SERVICE_AUTO_START = 2
SERVICE_ERROR_NORMAL = 1
SERVICE_CONFIG_DESCRIPTION = 1
SERVICE_CONFIG_FAILURE_ACTIONS = 2
SC_ACTION_RESTART = 1

# States, what it is told, what it hears
SERVICE_STOPPED = 1
SERVICE_START_PENDING = 2
SERVICE_STOP_PENDING = 3
SERVICE_RUNNING = 4
SERVICE_ACCEPT_STOP = 0x0001
SERVICE_ACCEPT_SHUTDOWN = 0x0004
SERVICE_CONTROL_STOP = 1
SERVICE_CONTROL_INTERROGATE = 4
SERVICE_CONTROL_SHUTDOWN = 5

# Errors (winerror.h)
ERROR_ACCESS_DENIED = 5
ERROR_CALL_NOT_IMPLEMENTED = 120
ERROR_SERVICE_ALREADY_RUNNING = 1056
ERROR_SERVICE_DOES_NOT_EXIST = 1060
ERROR_SERVICE_NOT_ACTIVE = 1062
ERROR_FAILED_SERVICE_CONTROLLER_CONNECT = 1063
ERROR_EXCEPTION_IN_SERVICE = 1064
ERROR_SERVICE_EXISTS = 1073

# Security
SDDL_REVISION_1 = 1
OWNER_SECURITY_INFORMATION = 0x0000_0001
DACL_SECURITY_INFORMATION = 0x0000_0004
PROTECTED_DACL_SECURITY_INFORMATION = 0x8000_0000
TOKEN_USER = 1


class ServiceStatus(ctypes.Structure):
    """SERVICE_STATUS: what a service tells of itself."""

    _fields_ = (
        ("dwServiceType", DWORD),
        ("dwCurrentState", DWORD),
        ("dwControlsAccepted", DWORD),
        ("dwWin32ExitCode", DWORD),
        ("dwServiceSpecificExitCode", DWORD),
        ("dwCheckPoint", DWORD),
        ("dwWaitHint", DWORD),
    )


class ServiceStatusProcess(ctypes.Structure):
    """SERVICE_STATUS_PROCESS: what the system tells of a service."""

    _fields_ = (*ServiceStatus._fields_, ("dwProcessId", DWORD), ("dwServiceFlags", DWORD))


class ServiceDescription(ctypes.Structure):
    """SERVICE_DESCRIPTIONW."""

    _fields_ = (("lpDescription", LPWSTR),)


class Action(ctypes.Structure):
    """SC_ACTION: what follows a crash, after how many milliseconds."""

    _fields_ = (("Type", ctypes.c_int), ("Delay", DWORD))


class FailureActions(ctypes.Structure):
    """SERVICE_FAILURE_ACTIONSW."""

    _fields_ = (
        ("dwResetPeriod", DWORD),
        ("lpRebootMsg", LPWSTR),
        ("lpCommand", LPWSTR),
        ("cActions", DWORD),
        ("lpsaActions", POINTER(Action)),
    )


if sys.platform == "win32":
    _SERVICE = HANDLE
    ServiceMain = ctypes.WINFUNCTYPE(None, DWORD, POINTER(LPWSTR))
    Handler = ctypes.WINFUNCTYPE(DWORD, DWORD, DWORD, LPVOID, LPVOID)

    class TableEntry(ctypes.Structure):
        """SERVICE_TABLE_ENTRYW: which function is the service."""

        _fields_ = (("lpServiceName", LPWSTR), ("lpServiceProc", ServiceMain))

    def _checked(result: Any, function: Any, _arguments: Any) -> Any:
        if not result:
            error = ctypes.WinError(ctypes.get_last_error())
            error.add_note(function.__name__)
            raise error
        return result

    def _declared(library: ctypes.WinDLL, name: str, result: Any, *takes: Any) -> Any:
        function = getattr(library, name)
        function.argtypes, function.restype, function.errcheck = takes, result, _checked
        return function

    _advapi = ctypes.WinDLL("advapi32", use_last_error=True)
    _kernel = ctypes.WinDLL("kernel32", use_last_error=True)

    OpenSCManager = _declared(_advapi, "OpenSCManagerW", _SERVICE, LPCWSTR, LPCWSTR, DWORD)
    OpenService = _declared(_advapi, "OpenServiceW", _SERVICE, _SERVICE, LPCWSTR, DWORD)
    CloseServiceHandle = _declared(_advapi, "CloseServiceHandle", BOOL, _SERVICE)
    # manager, name, title, access, type, start, error control, command, group, tag, dependencies,
    # account, password
    CreateService = _declared(
        _advapi, "CreateServiceW", _SERVICE, _SERVICE, LPCWSTR, LPCWSTR, DWORD, DWORD, DWORD,
        DWORD, LPCWSTR, LPCWSTR, POINTER(DWORD), LPCWSTR, LPCWSTR, LPCWSTR,
    )  # fmt: skip
    # service, type, start, error control, command, group, tag, dependencies, account, password,
    # title
    ChangeServiceConfig = _declared(
        _advapi, "ChangeServiceConfigW", BOOL, _SERVICE, DWORD, DWORD, DWORD, LPCWSTR, LPCWSTR,
        POINTER(DWORD), LPCWSTR, LPCWSTR, LPCWSTR, LPCWSTR,
    )  # fmt: skip
    ChangeServiceConfig2 = _declared(
        _advapi, "ChangeServiceConfig2W", BOOL, _SERVICE, DWORD, c_void_p
    )
    StartService = _declared(_advapi, "StartServiceW", BOOL, _SERVICE, DWORD, POINTER(LPCWSTR))
    ControlService = _declared(
        _advapi, "ControlService", BOOL, _SERVICE, DWORD, POINTER(ServiceStatus)
    )
    DeleteService = _declared(_advapi, "DeleteService", BOOL, _SERVICE)
    QueryServiceStatusEx = _declared(
        _advapi, "QueryServiceStatusEx", BOOL, _SERVICE, ctypes.c_int, c_void_p, DWORD,
        POINTER(DWORD),
    )  # fmt: skip
    StartServiceCtrlDispatcher = _declared(
        _advapi, "StartServiceCtrlDispatcherW", BOOL, POINTER(TableEntry)
    )
    RegisterServiceCtrlHandlerEx = _declared(
        _advapi, "RegisterServiceCtrlHandlerExW", HANDLE, LPCWSTR, Handler, LPVOID
    )
    SetServiceStatus = _declared(_advapi, "SetServiceStatus", BOOL, HANDLE, POINTER(ServiceStatus))
    ConvertStringSecurityDescriptor = _declared(
        _advapi, "ConvertStringSecurityDescriptorToSecurityDescriptorW", BOOL, LPCWSTR, DWORD,
        POINTER(c_void_p), POINTER(DWORD),
    )  # fmt: skip
    ConvertSidToStringSid = _declared(
        _advapi, "ConvertSidToStringSidW", BOOL, c_void_p, POINTER(LPWSTR)
    )
    SetFileSecurity = _declared(_advapi, "SetFileSecurityW", BOOL, LPCWSTR, DWORD, c_void_p)
    GetFileSecurity = _declared(
        _advapi, "GetFileSecurityW", BOOL, LPCWSTR, DWORD, c_void_p, DWORD, POINTER(DWORD)
    )
    GetSecurityDescriptorOwner = _declared(
        _advapi, "GetSecurityDescriptorOwner", BOOL, c_void_p, POINTER(c_void_p), POINTER(BOOL)
    )
    OpenProcessToken = _declared(_advapi, "OpenProcessToken", BOOL, HANDLE, DWORD, POINTER(HANDLE))
    GetTokenInformation = _declared(
        _advapi, "GetTokenInformation", BOOL, HANDLE, ctypes.c_int, c_void_p, DWORD, POINTER(DWORD)
    )
    GetCurrentProcess = _declared(_kernel, "GetCurrentProcess", HANDLE)
    CloseHandle = _declared(_kernel, "CloseHandle", BOOL, HANDLE)
    LocalFree = _kernel.LocalFree
    LocalFree.argtypes, LocalFree.restype = (c_void_p,), c_void_p
