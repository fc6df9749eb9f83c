"""What whoever runs a server may turn: one field, one default, one line of help; docs/settings.md has them all."""

from __future__ import annotations

from ipaddress import ip_network

from pydantic import Field, field_validator

from bottega.environment_first import EnvironmentFirst
from bottega.reach import checked_host

__all__ = ["ServerSettings"]


class ServerSettings(EnvironmentFirst):
    """Everything that holds for a whole server, whichever shops it serves. The environment wins over the file."""

    host: str = Field("127.0.0.1", description="Address the server listens on; the default is this machine only.")
    port: int = Field(8000, ge=0, le=65535, description="Port the server listens on.")
    max_body_mb: float = Field(32.0, gt=0, description="Largest HTTP request body accepted, in MB.")
    body_timeout_s: float = Field(60.0, gt=0, description="Longest that the body of a request may take to arrive.")
    answer_timeout_s: float = Field(
        300.0,
        gt=0,
        description="Longest until an answer begins, and until whoever asked has taken it (docs/deploy.md).",
    )
    trusted_proxies: tuple[str, ...] = Field(
        ("127.0.0.1", "::1"),
        description="Addresses or networks of proxies whose X-Forwarded-For and -Proto are believed (docs/deploy.md).",
    )
    refresh_s: float = Field(2.0, gt=0, description="Seconds between looks for rows and models that others wrote.")
    several_machines: bool = Field(
        False, description="Whether other machines write, too: each answer then first asks the store for news."
    )
    worker: bool = Field(True, description="Whether the server works off jobs; else `bottega worker` does.")
    fetch_max_mb: float = Field(2000.0, gt=0, description="Largest feed fetched from an address, unpacked, in MB.")
    fetch_timeout_s: float = Field(900.0, gt=0, description="Longest that fetching a feed from an address may take.")
    fetch_private: bool = Field(
        False, description="Whether feeds may be fetched from addresses inside private networks."
    )
    private_hosts: tuple[str, ...] = Field(
        (),
        description="Hosts inside private networks that may be asked all the same, with a port or without, as in "
        "models.intern:8080 (docs/deploy.md).",
    )
    processes: int = Field(
        1, ge=1, le=256, description="Processes of this machine that share long work (docs/many-machines.md)."
    )
    ray: str = Field(
        "",
        description="Ray cluster that shares it instead: auto for the one of this machine, or an address; needs "
        "bottega[ray]; empty: none.",
    )
    shops_database_url: str = Field(
        "",
        description="PostgreSQL where each new shop of a shops folder gets a schema of its own; empty: SQLite, a file "
        "a shop (docs/shops.md).",
    )
    shops_files_url: str = Field(
        "",
        pattern=r"^(\w+://[^\s]+)?$",
        description="Bucket where each new shop of a shops folder gets a prefix of its own for its files, as in "
        "s3://bucket; empty: in its folder (docs/shops.md).",
    )
    shops_memory_mb: float = Field(
        4000.0,
        gt=0,
        description="Above so much memory of a process, shops that nobody asks anything are closed, in MB; each "
        "process of `bottega serve --workers N` has as much for itself.",
    )
    shops_idle_minutes: float = Field(
        30.0, gt=0, description="A shop that was asked nothing for so long is closed; its next answer opens it again."
    )

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, proxies: tuple[str, ...]) -> tuple[str, ...]:
        for one in proxies:
            ip_network(one, strict=False)  # its error is a ValueError that says what an address is
        return proxies

    @field_validator("private_hosts")
    @classmethod
    def _are_hosts(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        for one in hosts:
            checked_host(one)
        return hosts

    @field_validator("shops_database_url")
    @classmethod
    def _holds_schemas(cls, url: str) -> str:
        if url and not url.startswith(("postgresql://", "postgres://", "postgresql+psycopg://")):
            raise ValueError("it is PostgreSQL, as in postgresql://user:password@host/name; SQLite has no schemas")
        return url
