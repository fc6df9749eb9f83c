"""What both kinds of settings share: BOTTEGA_<NAME> in the environment wins over what a file says."""

from __future__ import annotations

from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

__all__ = ["EnvironmentFirst"]


class EnvironmentFirst(BaseSettings):
    """Settings that are given as a file has them, and taken from the environment where it says otherwise."""

    model_config = SettingsConfigDict(env_prefix="BOTTEGA_", extra="forbid", frozen=True)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (env_settings, init_settings)
