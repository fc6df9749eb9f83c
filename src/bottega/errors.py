"""Everything that can go wrong by a user's hand, in one tree.

    BottegaError
    ├── InputError                 400  what came in cannot be used
    │   ├── SourceUnreadable            a file or folder is missing, empty, or not text
    │   ├── FormatUnknown               no reader recognises the file
    │   ├── MappingInvalid              --map names a field or column that does not exist
    │   ├── ColumnMissing               a reader needs a column the file lacks
    │   ├── RowInvalid                  a row breaks a rule; knows which field
    │   │   ├── EventInvalid            an event breaks a rule
    │   │   └── ProductInvalid          a product breaks a rule
    │   ├── PhotoRefused                a photo is damaged, too large, or of no format that can be read
    │   ├── SoundRefused                a song is damaged, too long, silent, or of no format that can be heard
    │   ├── VideoRefused                a video is damaged, too long, or of no format that is read; or ffmpeg is missing
    │   ├── BackupBroken                a backup is damaged, cut short, none, or of a newer version
    │   ├── WebhookBroken               a webhook breaks off before its end, or is no JSON
    │   └── RequestInvalid         422  a request field is unknown or out of range
    │       ├── EditRefused             words ask for another race, ethnicity or colour of skin
    │       └── NothingToDraw           words ask for nothing that can be drawn
    ├── NotFound                   404  something named does not exist
    │   ├── ShopUnknown                 a folder holds no shop
    │   ├── ProductUnknown
    │   ├── ShopperUnknown
    │   ├── KeyUnknown
    │   ├── UserUnknown                 nobody of this name logs in
    │   ├── SecretUnknown
    │   ├── ModelUnknown
    │   ├── PlatformUnknown
    │   ├── ExperimentUnknown
    │   ├── JobUnknown
    │   ├── RuleUnknown                 no saved rule has this id, or none of its versions this number
    │   ├── SynonymUnknown              no change of synonyms has this number, or none of that entry
    │   ├── DesignUnknown
    │   ├── PictureUnknown              no picture of this id is in the closet
    │   ├── LookbookUnknown             no lookbook has this name
    │   ├── ReportUnknown               no report of this week
    │   ├── ShareUnknown                a link to a shared picture opens nothing
    │   └── DeviceMissing               a graphics card is asked for where there is none
    ├── KeyRefused                 401  the API key is missing or wrong
    ├── LogInRefused               401  name or password are wrong, or the session is over
    ├── TokenRefused               403  a session's change comes without its token
    ├── WebhookRefused             401  a webhook is signed with none of the shop's secrets
    ├── VisitorRefused             403  a publishable key asks for more than a visitor may
    │   └── SignatureRefused            a shopper id comes without the shop's own signature
    ├── AgentRefused               403  an agent's key asks for more than talks
    ├── RoleRefused                403  a key or a user asks for more than their role opens
    ├── AddressRefused             403  an address leads into a private network that the server may not reach
    ├── RateExceeded               429  pages or a key ask for more than the shop lets through
    ├── NotReady                   409  the shop lacks something the verb needs
    │   ├── CatalogueEmpty
    │   ├── EventsTooFew
    │   ├── PhotosTooFew
    │   ├── ModelMissing
    │   ├── NotCustomisable             a product has nothing that can be printed on
    │   └── EncoderUnavailable          what turns texts into vectors is not there, or not the one it should be
    ├── PlatformFailed             502  a shop platform's API refuses, or does not answer
    ├── LanguageModelFailed        502  a language model of the shop's own refuses, or does not answer
    ├── LetterNotTaken             502  a mail server or a mailer does not take a letter
    ├── NotOffered                 501  another system has it, and Bottega has not
    ├── SettingsInvalid            500  bottega.toml or the environment holds a bad value
    │   └── SecretUnreadable            a kept secret cannot be opened with the key there is
    ├── JobAbandoned               500  a job ended every worker that took it up
    ├── CrewUnavailable         503  processes or a cluster that share work cannot be reached, or died
    ├── TookTooLong                504  an answer does not begin in time
    ├── MemoryShort                503  there is not the memory that something needs
    ├── StoreUnavailable           503  the database cannot be reached, or is of a newer version
    │   └── DiskFull                    there is no room to write to
    ├── FilesUnavailable           503  the store of files refuses, or does not answer
    └── ModelFileBroken            500  a saved model is incomplete or of another version

Every message says what was seen, what is allowed and what to do next. Each class has an entry in docs/errors.md.
User's mistakes raise these; our own mistakes are assertions.
"""

from __future__ import annotations

import errno
from typing import Any, ClassVar

__all__ = [
    "MAKE_ROOM",
    "SAID_MAX",
    "AddressRefused",
    "AgentRefused",
    "BackupBroken",
    "BottegaError",
    "CatalogueEmpty",
    "ColumnMissing",
    "CrewUnavailable",
    "DesignUnknown",
    "DeviceMissing",
    "DiskFull",
    "EditRefused",
    "EncoderUnavailable",
    "EventInvalid",
    "EventsTooFew",
    "ExperimentUnknown",
    "FilesUnavailable",
    "FormatUnknown",
    "InputError",
    "JobAbandoned",
    "JobUnknown",
    "KeyRefused",
    "KeyUnknown",
    "LanguageModelFailed",
    "LetterNotTaken",
    "LogInRefused",
    "LookbookUnknown",
    "MappingInvalid",
    "MemoryShort",
    "ModelFileBroken",
    "ModelMissing",
    "ModelUnknown",
    "NotCustomisable",
    "NotFound",
    "NotOffered",
    "NotReady",
    "NothingToDraw",
    "PhotoRefused",
    "PhotosTooFew",
    "PictureUnknown",
    "PlatformFailed",
    "PlatformUnknown",
    "ProductInvalid",
    "ProductUnknown",
    "ReportUnknown",
    "RequestInvalid",
    "RoleRefused",
    "RowInvalid",
    "RuleUnknown",
    "SecretUnknown",
    "SecretUnreadable",
    "SettingsInvalid",
    "ShareUnknown",
    "ShopUnknown",
    "ShopperUnknown",
    "SignatureRefused",
    "SoundRefused",
    "SourceUnreadable",
    "StoreUnavailable",
    "SynonymUnknown",
    "TalkUnknown",
    "TokenRefused",
    "TookTooLong",
    "UserUnknown",
    "VideoRefused",
    "VisitorRefused",
    "WebhookBroken",
    "WebhookRefused",
    "disk_full",
    "memory_short",
]

MAKE_ROOM = "Make room on the disk that holds the shop's folder, then do it again; what was stored is whole."
"""What to do when the disk is full."""
SAID_MAX = 1000
"""Most that a message says of what was seen: whoever sends a megabyte in a field need not get it back."""
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_NO_MEMORY = (
    "allocate memory",
    "bad_alloc",
    "out of memory",
    "not enough memory",
    "start new thread",
    "failed to map segment",
    "without exception set",  # by Python itself, which then has not the memory to say so
)
"""What torch, the loader of libraries and Python say, each of its own, where memory is refused."""


class BottegaError(Exception):
    """Base of the tree.

    `seen` is what was there, `allowed` what would have been fine, `next_step` what to do now. Their sentences make up
    the message, in that order.
    """

    status: ClassVar[int] = 500
    code: ClassVar[str] = "error"
    again: bool = False
    """Whether the same, done again later, may go well by itself: what was away, or too busy, may be back."""
    retry_after_s: int = 0
    """After how many seconds whoever asks over HTTP may try again (`Retry-After`), where that is known."""
    outside: str = ""
    """What was seen as others are told it, where `seen` names machines, folders or addresses of the shop's own."""

    def __init__(self, seen: str, *, allowed: str = "", next_step: str = "") -> None:
        self.seen = seen = seen if len(seen) <= SAID_MAX else f"{seen[: SAID_MAX - 1]}…"
        self.allowed = allowed
        self.next_step = next_step
        super().__init__(" ".join(part for part in (seen, allowed, next_step) if part))

    def __reduce__(self) -> tuple[Any, ...]:
        """Whole, whatever a class keeps of its own: one of another process is raised where work was asked for."""
        return _again, (type(self), self.args, dict(self.__dict__))

    def for_others(self) -> BottegaError:
        """The same error as whoever asks over a network may read it."""
        if not self.outside:
            return self
        told = _again(type(self), self.args, dict(self.__dict__))
        told.seen = self.outside
        told.args = (" ".join(part for part in (told.seen, told.allowed, told.next_step) if part),)
        return told

    def as_dict(self) -> dict[str, str]:
        """The error as JSON says it."""
        said = {"seen": self.seen, "allowed": self.allowed, "next_step": self.next_step}
        return {"code": self.code, "message": str(self), **said}


def _again(kind: type[BottegaError], args: tuple[Any, ...], kept: dict[str, Any]) -> BottegaError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(kept)
    return error


class InputError(BottegaError):
    """What came in cannot be used."""

    status = 400
    code = "input"


class SourceUnreadable(InputError):
    """A file or folder is missing, empty, or not text; or an address cannot be fetched, perhaps only now (`again`)."""

    code = "source_unreadable"

    def __init__(self, seen: str, *, allowed: str = "", next_step: str = "", again: bool = False) -> None:
        super().__init__(seen, allowed=allowed, next_step=next_step)
        self.again = again


class FormatUnknown(InputError):
    """No reader recognises the file."""

    code = "format_unknown"


class MappingInvalid(InputError):
    """A field mapping names a field or a column that does not exist."""

    code = "mapping_invalid"


class ColumnMissing(InputError):
    """A reader needs a column that the file lacks."""

    code = "column_missing"


class RowInvalid(InputError):
    """A row breaks a rule. `field` is the one that does, "" where it is the row as a whole; `rule` as docs call it."""

    code = "row_invalid"

    def __init__(
        self, seen: str, *, field: str = "", allowed: str = "", next_step: str = "", rule: str | None = None
    ) -> None:
        self.field = field
        self.rule = rule
        super().__init__(seen, allowed=allowed, next_step=next_step)


class EventInvalid(RowInvalid):
    """An event breaks a rule."""

    code = "event_invalid"


class ProductInvalid(RowInvalid):
    """A product breaks a rule."""

    code = "product_invalid"


class PhotoRefused(InputError):
    """A photo is damaged, too large, or of no format that can be read."""

    code = "photo_refused"


class BackupBroken(InputError):
    """A backup is damaged, cut short, none at all, or of a newer Bottega."""

    code = "backup_broken"


class SoundRefused(InputError):
    """A song is damaged, too long, silent, or of no format that can be heard."""

    code = "sound_refused"


class VideoRefused(InputError):
    """A video is damaged, too long, too large, or of no format that is read; or no ffmpeg is there to read it."""

    code = "video_refused"


class WebhookBroken(InputError):
    """A webhook breaks off before its end, or is no JSON object."""

    code = "webhook_broken"


class RequestInvalid(InputError):
    """A request field is unknown or out of range."""

    status = 422
    code = "request_invalid"


class EditRefused(RequestInvalid):
    """Words, or a table, ask for the race, the ethnicity or the colour of skin of a person."""

    code = "edit_refused"


class NothingToDraw(RequestInvalid):
    """Words ask for nothing that can be drawn."""

    code = "nothing_to_draw"


class NotFound(BottegaError):
    """Something named does not exist."""

    status = 404
    code = "not_found"


class ShopUnknown(NotFound):
    """A folder holds no shop."""

    code = "shop_unknown"


class ProductUnknown(NotFound):
    """No product has this id."""

    code = "product_unknown"

    @classmethod
    def named(cls, product_id: str) -> ProductUnknown:
        """The error of a request that names this id."""
        return cls(
            f"No product has the id {product_id!r}.",
            next_step="Check the id; a new product is imported (`bottega import catalogue`) or posted to /v1/products.",
        )


class ShopperUnknown(NotFound):
    """Nothing is known of this shopper."""

    code = "shopper_unknown"


class KeyUnknown(NotFound):
    """No API key has this label."""

    code = "key_unknown"


class UserUnknown(NotFound):
    """Nobody of this name logs in."""

    code = "user_unknown"


class SecretUnknown(NotFound):
    """No secret has this number."""

    code = "secret_unknown"


class ModelUnknown(NotFound):
    """No recommender has this name."""

    code = "model_unknown"


class PlatformUnknown(NotFound):
    """No platform of this name is connected, or sends webhooks that are understood."""

    code = "platform_unknown"


class ExperimentUnknown(NotFound):
    """No experiment has this name."""

    code = "experiment_unknown"


class JobUnknown(NotFound):
    """No job has this number."""

    code = "job_unknown"


class RuleUnknown(NotFound):
    """No saved rule has this id, or none of its versions this number."""

    code = "rule_unknown"


class SynonymUnknown(NotFound):
    """No change of synonyms has this number, or it is none of the entry's."""

    code = "synonym_unknown"


class DesignUnknown(NotFound):
    """No design has this id, or it is somebody else's."""

    code = "design_unknown"


class PictureUnknown(NotFound):
    """No kept picture has this id, or it is in somebody else's closet."""

    code = "picture_unknown"


class LookbookUnknown(NotFound):
    """No lookbook has this name, or it has no such look."""

    code = "lookbook_unknown"


class ReportUnknown(NotFound):
    """No report is kept of this week, or it has no such file."""

    code = "report_unknown"


class ShareUnknown(NotFound):
    """A link to a shared picture opens nothing: it expired, was taken back, or never was one."""

    code = "share_unknown"


class TalkUnknown(NotFound):
    """No talk has this id, or it is somebody else's."""

    code = "talk_unknown"

    @classmethod
    def named(cls, talk_id: str) -> TalkUnknown:
        """The error of an id."""
        return cls(
            f"No talk has the id {talk_id!r}.",
            allowed="A talk is named by the id that its first answer gave.",
            next_step="Begin a new one; this one may have been forgotten with its shopper, or be somebody else's.",
        )


class DeviceMissing(NotFound):
    """A graphics card is asked for where there is none."""

    code = "device_missing"


class KeyRefused(BottegaError):
    """The API key is missing or wrong."""

    status = 401
    code = "key_refused"


class LogInRefused(BottegaError):
    """Name or password are wrong, or the session is over."""

    status = 401
    code = "log_in_refused"


class TokenRefused(BottegaError):
    """A session asks for a change without its token, or from a page of another origin."""

    status = 403
    code = "token_refused"


class WebhookRefused(BottegaError):
    """A webhook is signed with none of the shop's secrets."""

    status = 401
    code = "webhook_refused"


class VisitorRefused(BottegaError):
    """A publishable key asks for more than a visitor may do."""

    status = 403
    code = "visitor_refused"


class AgentRefused(BottegaError):
    """A key of a person who answers shoppers asks for more than talks."""

    status = 403
    code = "agent_refused"


class RoleRefused(BottegaError):
    """A key or a user asks for more than their role opens."""

    status = 403
    code = "role_refused"


class AddressRefused(BottegaError):
    """An address leads into a private network or to another protocol's port, and no setting of the server names it."""

    status = 403
    code = "address_refused"


class SignatureRefused(VisitorRefused):
    """A shopper id comes from a browser without a signature of the shop's server that holds."""

    code = "signature_refused"


class NotReady(BottegaError):
    """The shop lacks something that the verb needs."""

    status = 409
    code = "not_ready"


class CatalogueEmpty(NotReady):
    """No product has been imported yet."""

    code = "catalogue_empty"


class EventsTooFew(NotReady):
    """There are too few events to learn or judge from."""

    code = "events_too_few"


class PhotosTooFew(NotReady):
    """There are too few photos to learn from."""

    code = "photos_too_few"


class ModelMissing(NotReady):
    """Nothing has been trained yet."""

    code = "model_missing"


class NotCustomisable(NotReady):
    """A product has nothing that can be printed on."""

    code = "not_customisable"


class EncoderUnavailable(NotReady):
    """What turns texts into vectors is not installed, is another one than it should be, or does not answer."""

    code = "encoder_unavailable"


class PlatformFailed(BottegaError):
    """A shop platform's API refuses, or does not answer."""

    status = 502
    code = "platform_failed"

    def __init__(self, seen: str, *, allowed: str = "", next_step: str = "", again: bool = False) -> None:
        super().__init__(seen, allowed=allowed, next_step=next_step)
        self.again = again


class LanguageModelFailed(BottegaError):
    """A language model of the shop's own refuses, or does not answer, or answers nothing that can be read."""

    status = 502
    code = "language_model_failed"


class LetterNotTaken(BottegaError):
    """A mail server or the merchant's mailer does not take a letter. `again`: whether it may be tried again; not where
    it may have been taken all the same, nor where the address is refused for good."""

    status = 502
    code = "letter_not_taken"

    def __init__(self, seen: str, *, allowed: str = "", next_step: str = "", again: bool = True) -> None:
        super().__init__(seen, allowed=allowed, next_step=next_step)
        self.again = again


class NotOffered(BottegaError):
    """Something that another system has and Bottega has not."""

    status = 501
    code = "not_offered"


class SettingsInvalid(BottegaError):
    """A setting has a value that is not allowed."""

    code = "settings_invalid"


class SecretUnreadable(SettingsInvalid):
    """A secret that the shop keeps cannot be opened with the key there is."""

    code = "secret_unreadable"


class JobAbandoned(BottegaError):
    """A job ended every worker that took it up."""

    code = "job_abandoned"


class RateExceeded(BottegaError):
    """More was asked for from pages, or with one key, than a shop lets through."""

    status = 429
    code = "rate_exceeded"

    def __init__(self, seen: str, *, allowed: str = "", next_step: str = "", retry_after_s: int = 0) -> None:
        super().__init__(seen, allowed=allowed, next_step=next_step)
        self.retry_after_s = retry_after_s


class TookTooLong(BottegaError):
    """An answer does not begin within the time that the server gives it."""

    status = 504
    code = "took_too_long"


class CrewUnavailable(BottegaError):
    """Processes or a cluster that share work cannot be started or reached, or died."""

    status = 503
    code = "crew_unavailable"
    retry_after_s = 60


class MemoryShort(BottegaError):
    """There is not the memory that something needs."""

    status = 503
    code = "memory_short"
    again = True
    retry_after_s = 60


class StoreUnavailable(BottegaError):
    """The database cannot be reached, or belongs to a newer version."""

    status = 503
    code = "store_unavailable"
    again = True
    retry_after_s = 5


class FilesUnavailable(BottegaError):
    """The store of files (setting `files_url`) refuses, or does not answer."""

    status = 503
    code = "files_unavailable"
    again = True
    retry_after_s = 15


class DiskFull(StoreUnavailable):
    """There is no room to write to."""

    code = "disk_full"
    retry_after_s = 60


def disk_full(error: BaseException | None) -> DiskFull | None:
    """What to say where an error, or the one it came of, is that no room is left; None for any other."""
    while error is not None:
        if isinstance(error, DiskFull):
            return error
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            what = f" The file is {error.filename}." if error.filename else ""
            full = DiskFull(f"The disk is full: nothing more can be written.{what}", next_step=MAKE_ROOM)
            full.outside = "The disk is full: nothing more can be written."
            return full
        error = error.__cause__ or error.__context__
    return None


def memory_short(error: BaseException | None) -> MemoryShort | None:
    """What to say where an error, or the one it came of, is that memory was refused; None for any other.

    Python, the system and the libraries that compute say it each in a way of their own.
    """
    while error is not None:
        if isinstance(error, MemoryShort):
            return error
        words = str(error)
        refused = isinstance(error, RuntimeError | ImportError | OSError | SystemError) and any(
            one in words for one in _NO_MEMORY
        )
        if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM) or refused:
            said = f": {words.splitlines()[0][:200]}" if words.strip() else ""
            return MemoryShort(
                f"There is not enough memory{said.rstrip('.')}.",
                next_step="Give it more memory, or let it do less at once; what was stored is whole.",
            )
        error = error.__cause__ or error.__context__
    return None


class ModelFileBroken(BottegaError):
    """A saved model is incomplete, or was written by another version."""

    code = "model_file_broken"
