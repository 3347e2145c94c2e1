"""Reminders and letters: who is told what and when, nothing twice."""

import models.reminders.rules  # noqa: F401  its rules hang on the models
from models.reminders.digest import due_digests
from models.reminders.due import Unsent, addresses_of, due_steps, unsent_units
from models.reminders.letter_heads import (
    LetterHead,
    LetterTemplate,
    TemplateKind,
    current_template,
    ensure_default_head,
    head_on,
    note_letter,
)
from models.reminders.post import Mailer
from models.reminders.sending import (
    Letter,
    MaybePosted,
    NotPosted,
    Outcome,
    note_chat,
    office_of,
    send_reminders,
)
from models.reminders.steps import Step, latest_step, next_step
from models.reminders.tables import Channel, Delivery, Digest, Reminder
from models.reminders.words import (
    Office,
    addresses,
    body,
    group_text,
    is_address,
    standing,
    written_day,
    written_deadline,
    written_period,
)

__all__ = [
    "Channel",
    "Delivery",
    "Digest",
    "Letter",
    "LetterHead",
    "LetterTemplate",
    "Mailer",
    "MaybePosted",
    "NotPosted",
    "Office",
    "Outcome",
    "Reminder",
    "Step",
    "TemplateKind",
    "Unsent",
    "addresses",
    "addresses_of",
    "body",
    "current_template",
    "due_digests",
    "due_steps",
    "ensure_default_head",
    "group_text",
    "head_on",
    "is_address",
    "latest_step",
    "next_step",
    "note_chat",
    "note_letter",
    "office_of",
    "send_reminders",
    "standing",
    "unsent_units",
    "written_day",
    "written_deadline",
    "written_period",
]
