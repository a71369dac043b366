"""Owns the words for what can go wrong: error codes, the exceptions, and their form on the wire.

Nothing here knows sockets, files or people. Sentences for people live in the desktop's
``messages.py``; the English text carried here is for logs and the command line.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from enum import StrEnum

type Fact = str | int | float | bool


class ErrorCode(StrEnum):
    """A stable name for one thing that can go wrong. It travels on the wire: never rename one."""

    # SpecError: the request is wrong
    VALUE_MISSING = "value_missing"
    VALUE_INVALID = "value_invalid"
    FIELD_UNKNOWN = "field_unknown"
    KIND_UNKNOWN = "kind_unknown"
    RELAY_LOOP = "relay_loop"
    PROFILE_DAMAGED = "profile_damaged"
    PROFILE_NEWER = "profile_newer"
    PROFILE_UNKNOWN = "profile_unknown"
    PROFILE_UNWRITABLE = "profile_unwritable"
    SECRET_MISSING = "secret_missing"
    AUTHORITIES_MISSING = "authorities_missing"
    CERTIFICATE_UNREADABLE = "certificate_unreadable"
    CERTIFICATE_UNWRITABLE = "certificate_unwritable"
    KEY_UNREADABLE = "key_unreadable"
    KEY_ENCRYPTED = "key_encrypted"
    KEY_PASSPHRASE_WRONG = "key_passphrase_wrong"
    KEY_MISMATCH = "key_mismatch"
    NOT_ON_THIS_SYSTEM = "not_on_this_system"
    NOT_EXPORTABLE = "not_exportable"
    COMMAND_UNCONFIRMED = "command_unconfirmed"
    UPDATES_OFF = "updates_off"
    RELEASE_UNREADABLE = "release_unreadable"

    # ListenError: cannot listen
    ADDRESS_IN_USE = "address_in_use"
    ADDRESS_NOT_LOCAL = "address_not_local"
    ADDRESS_FORBIDDEN = "address_forbidden"
    LISTEN_FAILED = "listen_failed"

    # DialError: cannot reach
    HOST_UNKNOWN = "host_unknown"
    CONNECTION_REFUSED = "connection_refused"
    TIMED_OUT = "timed_out"
    UNREACHABLE = "unreachable"
    DIAL_FAILED = "dial_failed"
    NAME_NOT_RESOLVABLE_HERE = "name_not_resolvable_here"
    PROGRAM_NOT_FOUND = "program_not_found"
    PROGRAM_FORBIDDEN = "program_forbidden"
    FILE_MISSING = "file_missing"
    FILE_FORBIDDEN = "file_forbidden"

    # HandshakeError: reached, no agreement
    TLS_UNTRUSTED = "tls_untrusted"
    TLS_EXPIRED = "tls_expired"
    TLS_NAME_MISMATCH = "tls_name_mismatch"
    TLS_CLIENT_CERTIFICATE_REQUIRED = "tls_client_certificate_required"
    TLS_NOT_TLS = "tls_not_tls"
    TLS_FAILED = "tls_failed"
    PROXY_NOT_SOCKS = "proxy_not_socks"
    PROXY_CREDENTIALS_REQUIRED = "proxy_credentials_required"
    PROXY_CREDENTIALS_REFUSED = "proxy_credentials_refused"
    PROXY_FORBIDDEN = "proxy_forbidden"
    PROXY_NETWORK_UNREACHABLE = "proxy_network_unreachable"
    PROXY_HOST_UNREACHABLE = "proxy_host_unreachable"
    PROXY_CONNECTION_REFUSED = "proxy_connection_refused"
    PROXY_TIMED_OUT = "proxy_timed_out"
    PROXY_UNSUPPORTED = "proxy_unsupported"
    PROXY_ONION_FAILED = "proxy_onion_failed"
    PROXY_FAILED = "proxy_failed"
    PROXY_HEADER_WRONG = "proxy_header_wrong"
    HANDSHAKE_CUT = "handshake_cut"

    # DeviceError: serial
    DEVICE_MISSING = "device_missing"
    DEVICE_BUSY = "device_busy"
    DEVICE_FORBIDDEN = "device_forbidden"
    DEVICE_SETTING_REFUSED = "device_setting_refused"
    DEVICE_GONE = "device_gone"
    DEVICE_FAILED = "device_failed"

    # StreamError: a connection broke, or was ended by a rule
    CONNECTION_RESET = "connection_reset"
    CONNECTION_BROKEN = "connection_broken"
    TLS_TRUNCATED = "tls_truncated"
    IDLE_EXPIRED = "idle_expired"
    NOT_ALLOWED = "not_allowed"
    TOO_MANY_CONNECTIONS = "too_many_connections"
    DEVICE_TAKEN = "device_taken"
    TARGET_TOO_SLOW = "target_too_slow"

    # DialError or StreamError: while opening or later
    PROGRAM_FAILED = "program_failed"
    FILE_FULL = "file_full"
    FILE_FAILED = "file_failed"

    # ControlError: client and engine
    ENGINE_NOT_RUNNING = "engine_not_running"
    ENGINE_ALREADY_RUNNING = "engine_already_running"
    ENGINE_LOST = "engine_lost"
    ENGINE_STOPPED = "engine_stopped"
    PROTOCOL_MISMATCH = "protocol_mismatch"
    TOKEN_REFUSED = "token_refused"
    MESSAGE_MALFORMED = "message_malformed"
    MESSAGE_TOO_LONG = "message_too_long"
    METHOD_UNKNOWN = "method_unknown"
    CONNECTION_UNKNOWN = "connection_unknown"
    INTERNAL = "internal"


@dataclasses.dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong, as data: the form in which an error is stored, shown and sent.

    ``field`` is the dotted path of the value it concerns (``target.tls.ca_file``), if any.
    ``facts`` are the values a sentence needs (``port``, ``program``, ``pid`` …); never a secret.
    """

    code: ErrorCode
    message: str
    field: str | None = None
    facts: Mapping[str, Fact] = dataclasses.field(default_factory=dict[str, Fact])


def fault_of_ours(exc: BaseException) -> Problem:
    """What is told of what nobody raises on purpose; where it happened is for the process's log."""
    return Problem(ErrorCode.INTERNAL, f"a fault in Bascule: {type(exc).__name__}")


class BasculeError(Exception):
    """Base of all errors Bascule raises on purpose.

    ``message`` is one English sentence for logs and the command line.
    """

    def __init__(
        self, message: str, *, code: ErrorCode, field: str | None = None, **facts: Fact
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.field = field
        self.facts: dict[str, Fact] = facts

    @property
    def problem(self) -> Problem:
        """The same as data."""
        return Problem(self.code, self.message, self.field, dict(self.facts))

    @staticmethod
    def of(problem: Problem) -> BasculeError:
        """Make the exception again from what came over the wire."""
        error = BasculeError(problem.message, code=problem.code, field=problem.field)
        error.facts = dict(problem.facts)  # whatever the facts are called
        return error


class SpecError(BasculeError):
    """The request is wrong; nothing was tried."""


class ListenError(BasculeError):
    """The source cannot listen."""


class DialError(BasculeError):
    """The target, or a hop on the way, cannot be reached."""


class HandshakeError(BasculeError):
    """Reached, but no agreement (TLS, SOCKS)."""


class DeviceError(BasculeError):
    """A serial port cannot be opened, or is gone."""


class StreamError(BasculeError):
    """A connection broke, or a rule ended it."""


class ControlError(BasculeError):
    """Client and engine do not understand each other."""
