"""Who logs in to the console: which there are, a new one, one less, another password. At the command line, and in the
console by an admin who is logged in."""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import Field

from bottega.errors import UserUnknown
from bottega.names import Role
from bottega.shop.doors.acting import changing
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Shape

__all__ = [
    "NewUserRequest",
    "PasswordRequest",
    "UserInfo",
    "UserRequest",
    "UsersAnswer",
    "UsersRequest",
    "change_password",
    "list_users",
    "new_user",
    "remove_user",
]


class UserInfo(Shape):
    """Somebody who logs in."""

    name: str
    role: Role = Field(description="What they may do (docs/keys.md).")
    made_at: str = Field(description="ISO 8601, UTC.")


class UsersRequest(Shape):
    """Who logs in to this shop."""


class UsersAnswer(Shape):
    """Who logs in to this shop, by name."""

    users: list[UserInfo]


class NewUserRequest(Shape):
    """Somebody who logs in from now on."""

    name: str
    role: Role = Field(description="What they may do: read, events, manage or admin.")
    password: str = Field(repr=False, description="12 to 200 characters.")


class PasswordRequest(Shape):
    """Another password."""

    name: str
    password: str = Field(repr=False, description="12 to 200 characters.")


class UserRequest(Shape):
    """One of those who log in."""

    name: str


def list_users(shop: OpenShop, request: UsersRequest) -> UsersAnswer:
    """Who logs in to this shop, by name."""
    return UsersAnswer(
        users=[
            UserInfo(
                name=one.name,
                role=one.role,
                made_at=datetime.fromtimestamp(one.made_at_ms / 1000, UTC).isoformat("T", "seconds"),
            )
            for one in shop.store.users.all()
        ]
    )


def new_user(shop: OpenShop, request: NewUserRequest) -> UsersAnswer:
    """Let somebody log in from now on. Raises `RequestInvalid` for a name that is taken or cannot be, and for a
    password that is too short or too long."""
    with changing(shop.store, "new_user", request):
        shop.sessions.add(request.name, request.role, request.password)
    return list_users(shop, UsersRequest())


def change_password(shop: OpenShop, request: PasswordRequest) -> UsersAnswer:
    """Set another password; who is logged in by that name is no more. Raises `UserUnknown` and `RequestInvalid`."""
    _known(shop, request.name)
    with changing(shop.store, "change_password", request):
        shop.sessions.change_password(request.name, request.password)
    return list_users(shop, UsersRequest())


def remove_user(shop: OpenShop, request: UserRequest) -> UsersAnswer:
    """Let somebody log in no more; their sessions are over. Raises `UserUnknown`. Returns those who are left."""
    _known(shop, request.name)
    with changing(shop.store, "remove_user", request):
        shop.store.users.remove(request.name)
    return list_users(shop, UsersRequest())


def _known(shop: OpenShop, name: str) -> None:
    there = [one.name for one in shop.store.users.all()]
    if name not in there:
        raise UserUnknown(
            f"Nobody called {name!r} logs in.",
            allowed=f"Those who do are: {', '.join(map(repr, there)) or 'none'}.",
            next_step="Name one of these.",
        )
