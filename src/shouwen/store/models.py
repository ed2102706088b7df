"""The tables. Events are the truth (`Record`); every other row of a case is derived from them and can be rebuilt.

Whatever belongs to a case is keyed by `case_id` first and refers to nothing outside it by a constraint, so that the
same schema can be distributed by `case_id`. Rows are written by `append`, one statement a command.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

__all__ = [
    "Attachment",
    "Case",
    "CaseWords",
    "Claim",
    "ClosedFigure",
    "Closing",
    "Counting",
    "Draft",
    "FollowCode",
    "Incoming",
    "Law",
    "Link",
    "Look",
    "Message",
    "NumberSeries",
    "Occasion",
    "Occurrence",
    "Paper",
    "Posting",
    "Record",
    "Request",
    "SavedView",
    "Subject",
    "Task",
    "Uncounted",
]


class Law(models.Model):
    """One version of a procedure as it was loaded: its documents, for cases that run under it."""

    pk = models.CompositePrimaryKey("procedure", "version")
    procedure = models.TextField()
    version = models.IntegerField()
    title = models.TextField()
    in_force = models.DateField()
    #: pairs of file name and text, the base document first (jsonb keeps no order of keys)
    documents = models.JSONField()
    digest = models.TextField()
    loaded_at = models.DateTimeField()

    class Meta:
        db_table = "laws"


class Case(models.Model):
    """A case as lists show it and as the worker looks for it."""

    case_id = models.UUIDField(primary_key=True)
    number = models.TextField()
    procedure = models.TextField()
    law = models.IntegerField()
    flow = models.TextField()
    unit = models.TextField()
    step = models.TextField()
    #: how many events there are
    version = models.IntegerField()
    #: digest of the last record
    digest = models.BinaryField()
    edition = models.TextField()
    first_contact = models.TextField()
    answers = models.TextField()
    #: whom a transfer asks to take it over and who has not answered yet
    asked_of = models.TextField(default="")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    #: when somebody must look again, though nobody acts
    wake_at = models.DateTimeField(null=True)
    #: the earliest limit that is still to come or has passed with its task open
    due_at = models.DateTimeField(null=True)
    #: tasks that are open and missed
    late = models.IntegerField(default=0)
    #: whose personal data it holds
    subject_id = models.UUIDField()
    title = models.TextField(default="")
    #: name, phone, room … of the customer, as the flow names them
    customer = models.JSONField(default=dict)
    #: exported columns, for lists and for facts of other cases
    columns = models.JSONField(default=dict)
    #: roles, role@unit and persons that owe, act, answer or were told
    circle = ArrayField(models.TextField(), default=list)
    search = models.TextField(default="")

    class Meta:
        db_table = "cases"
        indexes = [
            models.Index("number", name="cases_number"),
            models.Index("subject_id", "opened_at", name="cases_subject"),
            models.Index("procedure", "flow", "opened_at", name="cases_opened"),
            models.Index("wake_at", condition=models.Q(wake_at__isnull=False), name="cases_wake"),
            # The columns beside the keys let lists filter and views count without touching the rows themselves.
            models.Index(
                fields=["unit", "due_at"],
                include=["case_id", "procedure", "flow", "step", "answers", "first_contact"],
                condition=models.Q(closed_at__isnull=True),
                name="cases_due",
            ),
            models.Index(
                fields=["-opened_at", "case_id"],
                include=["unit", "procedure", "flow", "step", "answers", "first_contact", "closed_at"],
                name="cases_newest",
            ),
            models.Index("asked_of", condition=~models.Q(asked_of=""), name="cases_asked"),
            GinIndex(fields=["circle"], name="cases_circle"),
        ]


class CaseWords(models.Model):
    """By what a case is found: each two neighbouring characters of its `search`; Chinese knows no spaces."""

    case_id = models.UUIDField(primary_key=True)
    pairs = ArrayField(models.TextField())

    class Meta:
        db_table = "case_words"
        indexes = [GinIndex(fields=["pairs"], name="case_words_pairs")]


class Record(models.Model):
    """One command's events on a case, as they were written: append-only, each chained to the one before."""

    pk = models.CompositePrimaryKey("case_id", "seq")
    case_id = models.UUIDField()
    #: the place of its first event in the case
    seq = models.IntegerField()
    count = models.IntegerField()
    at = models.DateTimeField()
    #: the events as JSON; personal data stands in `sealed`, encrypted under the subject's key
    body = models.TextField()
    sealed = models.BinaryField(null=True)
    digest = models.BinaryField()

    class Meta:
        db_table = "records"


class Task(models.Model):
    """One round of one obligation, of one row."""

    pk = models.CompositePrimaryKey("case_id", "task", "item", "round")
    case_id = models.UUIDField()
    task = models.TextField()
    item = models.TextField()
    #: 0, or how many rounds of it went before
    round = models.IntegerField()
    owed_by = ArrayField(models.TextField())
    begun_at = models.DateTimeField()
    since_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    provisional = models.BooleanField(default=False)
    state = models.TextField()
    missed_at = models.DateTimeField(null=True)
    corrected = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True)
    in_time = models.BooleanField(default=True)
    #: of its case, so that what people owe is found without looking at cases
    procedure = models.TextField(default="")
    law = models.IntegerField(default=0)
    unit = models.TextField(default="")

    class Meta:
        db_table = "tasks"
        indexes = [
            # The columns beside the keys let the board count, and a person's work be found, by the index alone.
            models.Index(
                fields=["unit", "due_at", "case_id", "task", "item", "round"],
                include=["procedure", "law", "owed_by"],
                condition=models.Q(state="open"),
                name="tasks_open_due",
            ),
            GinIndex(fields=["owed_by"], fastupdate=False, condition=models.Q(state="open"), name="tasks_open_owed"),
        ]


class Occasion(models.Model):
    """That a case counts under the key columns of a fact: `key` digests what is asked, with the values that match."""

    pk = models.CompositePrimaryKey("case_id", "key", "place")
    case_id = models.UUIDField()
    key = models.BinaryField()
    #: which of several of the same key (acts, entries): its mark's number
    place = models.IntegerField()
    happened_at = models.DateTimeField()
    #: what this one gives besides the columns of its case (an entry's amount …)
    gives = models.JSONField(default=dict)

    class Meta:
        db_table = "occasions"
        indexes = [models.Index("key", "happened_at", name="occasions_key")]


class Counting(models.Model):
    """What a case adds to the figures of one month; derived from it, some time after it has changed."""

    pk = models.CompositePrimaryKey("case_id", "month")
    case_id = models.UUIDField()
    #: 2026-09, on the regulation's clock
    month = models.TextField()
    procedure = models.TextField()
    unit = models.TextField()
    #: how many events of the case this was derived from
    version = models.IntegerField()
    #: name by which figures are broken down → its values in this case
    splits = models.JSONField()
    #: measure → its items: [second, hit or null, number or null, own values or nothing]
    items = models.JSONField()

    class Meta:
        db_table = "countings"
        indexes = [models.Index("procedure", "month", "unit", name="countings_month")]


class Uncounted(models.Model):
    """A case that has changed since it was counted for the figures: written with each command, gone once it is."""

    case_id = models.UUIDField(primary_key=True)
    procedure = models.TextField()
    #: how many events the case had
    version = models.IntegerField()

    class Meta:
        db_table = "uncounted"
        indexes = [models.Index("procedure", "case_id", name="uncounted_procedure")]


class Closing(models.Model):
    """A measure of a period that is closed: from this moment on its figures stand as they were counted."""

    pk = models.CompositePrimaryKey("procedure", "period", "measure")
    procedure = models.TextField()
    #: 2026-09 or 2026-W36
    period = models.TextField()
    measure = models.TextField()
    #: the version of the regulation that says how it is counted
    law = models.IntegerField()
    closed_at = models.DateTimeField()
    #: how many cases counted and how many events they had: as long as that is so, nothing has been corrected
    cases = models.IntegerField()
    events = models.BigIntegerField()

    class Meta:
        db_table = "closings"


class ClosedFigure(models.Model):
    """A figure of a closed period at one desk, whole (`split` empty) or for one value of what it is broken down by."""

    pk = models.CompositePrimaryKey("procedure", "period", "measure", "unit", "split", "key")
    procedure = models.TextField()
    period = models.TextField()
    measure = models.TextField()
    unit = models.TextField()
    split = models.TextField()
    key = models.TextField()
    count = models.IntegerField()
    hits = models.IntegerField()
    #: number → how often it came, so that figures of several desks and months add up to one
    numbers = models.JSONField()

    class Meta:
        db_table = "closed_figures"


class Claim(models.Model):
    """What cases compete for: an idempotency key, an occurrence, a counted fact. The row is the thing itself."""

    pk = models.CompositePrimaryKey("scope", "key")
    scope = models.TextField()
    key = models.TextField()
    case_id = models.UUIDField(null=True)
    #: for a counted fact: how often it was claimed
    version = models.IntegerField(default=1)
    at = models.DateTimeField()

    class Meta:
        db_table = "claims"


class Message(models.Model):
    """Word sent to one person about a case."""

    pk = models.CompositePrimaryKey("case_id", "seq", "person")
    case_id = models.UUIDField()
    #: the event that told it
    seq = models.IntegerField()
    person = models.TextField()
    at = models.DateTimeField()
    text = models.TextField()
    notice = models.TextField(default="")
    item = models.TextField(default="")
    #: it must be acknowledged
    receipt = models.TextField(default="none")
    read_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "messages"
        indexes = [
            models.Index("person", "at", condition=models.Q(read_at__isnull=True), name="messages_unread"),
            models.Index("person", "at", name="messages_person"),
        ]


class Posting(models.Model):
    """An entry of the ledger, in 分; reversed, never deleted."""

    pk = models.CompositePrimaryKey("case_id", "seq")
    case_id = models.UUIDField()
    seq = models.IntegerField()
    posting = models.TextField()
    key = models.TextField()
    debit = models.TextField()
    credit = models.TextField()
    amount = models.BigIntegerField()
    happened_at = models.DateTimeField()
    #: the entry that this one takes back
    reverses = models.IntegerField(null=True)

    class Meta:
        db_table = "postings"
        indexes = [models.Index("debit", "happened_at", name="postings_debit")]


class Paper(models.Model):
    """A numbered paper of a case."""

    pk = models.CompositePrimaryKey("case_id", "form", "number")
    case_id = models.UUIDField()
    form = models.TextField()
    number = models.TextField()
    copies = ArrayField(models.TextField(), default=list)
    issued_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "papers"
        indexes = [models.Index("number", name="papers_number")]


class Link(models.Model):
    """A case knows another by its number."""

    pk = models.CompositePrimaryKey("case_id", "bond", "number")
    case_id = models.UUIDField()
    bond = models.TextField()
    number = models.TextField()
    closed = models.BooleanField(default=False)

    class Meta:
        db_table = "links"
        indexes = [models.Index("number", name="links_number")]


class Request(models.Model):
    """What a rule of this case asks of another: carried there once, then gone."""

    pk = models.CompositePrimaryKey("case_id", "key")
    case_id = models.UUIDField()
    key = models.TextField()
    at = models.DateTimeField()
    #: the event `Requested`, or the news that a case has closed
    body = models.TextField()
    tries = models.IntegerField(default=0)
    #: why it could not be carried out; empty while it waits
    failed = models.TextField(default="")

    class Meta:
        db_table = "requests"
        indexes = [models.Index("at", condition=models.Q(failed=""), name="requests_waiting")]


class Subject(models.Model):
    """A person whose personal data cases hold, with the key that encrypts it. Erasing destroys the key."""

    subject_id = models.UUIDField(primary_key=True)
    #: keyed digest of the phone number, by which a caller is recognised; empty: not recognisable
    phone_digest = models.BinaryField(null=True)
    #: 32 bytes; null: erased
    key = models.BinaryField(null=True)
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "subjects"
        constraints = [models.UniqueConstraint("phone_digest", name="subjects_phone")]


class NumberSeries(models.Model):
    """The next free number of a series (a pattern with unit and year filled in); processes take blocks from it."""

    series = models.TextField(primary_key=True)
    next = models.BigIntegerField()

    class Meta:
        db_table = "number_series"


class Occurrence(models.Model):
    """Up to which moment the calendar's triggers of a procedure over populations have happened."""

    procedure = models.TextField(primary_key=True)
    until = models.DateTimeField()

    class Meta:
        db_table = "occurrences"


class Attachment(models.Model):
    """A file handed in with a case: photo, recording, letter, a signature drawn on the screen."""

    attachment_id = models.UUIDField(primary_key=True)
    case_id = models.UUIDField()
    name = models.TextField()
    media_type = models.TextField()
    size = models.IntegerField()
    digest = models.BinaryField()
    content = models.BinaryField()
    #: the field whose signature it draws; empty for other files
    field = models.TextField(default="")
    added_by = models.TextField()
    added_at = models.DateTimeField()

    class Meta:
        db_table = "attachments"
        indexes = [models.Index("case_id", "added_at", name="attachments_case")]


class Draft(models.Model):
    """What somebody has typed and not sent yet."""

    pk = models.CompositePrimaryKey("person", "place")
    person = models.TextField()
    #: the form it belongs to: case and act, or intake of a procedure
    place = models.TextField()
    values = models.JSONField()
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "drafts"


class SavedView(models.Model):
    """A list that somebody has put together: a name and its conditions."""

    view_id = models.UUIDField(primary_key=True)
    person = models.TextField()
    name = models.TextField()
    query = models.TextField()
    place = models.IntegerField(default=0)

    class Meta:
        db_table = "saved_views"
        indexes = [models.Index("person", "place", name="saved_views_person")]


class Look(models.Model):
    """Somebody looked at personal data that is masked for him otherwise."""

    look_id = models.UUIDField(primary_key=True)
    case_id = models.UUIDField()
    person = models.TextField()
    field = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "looks"
        indexes = [models.Index("case_id", "at", name="looks_case")]


class Incoming(models.Model):
    """What a customer has brought where only staff may open a case: it waits until somebody opens one with it, or
    answers it. Its files are attachments under its own id, until they go to the case."""

    incoming_id = models.UUIDField(primary_key=True)
    #: the number on the customer's receipt
    number = models.TextField(unique=True)
    procedure = models.TextField()
    flow = models.TextField()
    #: the act whose form it was made from
    action = models.TextField()
    unit = models.TextField()
    came_at = models.DateTimeField()
    subject_id = models.UUIDField()
    #: what was typed (name of a control → texts), encrypted under the subject's key
    sealed = models.BinaryField()
    #: makes the same report sent again answer as the first did
    key = models.TextField(unique=True)
    #: waiting, taken (a case goes on with it), joined (put with somebody else's case), answered, declined
    state = models.TextField(default="waiting")
    case_id = models.UUIDField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.TextField(default="")
    #: what the customer is told, encrypted likewise
    reply = models.BinaryField(null=True)

    class Meta:
        db_table = "incoming"
        indexes = [
            models.Index("unit", "procedure", "came_at", condition=models.Q(state="waiting"), name="incoming_waiting"),
            models.Index("case_id", condition=models.Q(case_id__isnull=False), name="incoming_case"),
            models.Index("subject_id", name="incoming_subject"),
        ]


class FollowCode(models.Model):
    """By what a customer is let in to a case or a report of his own: the code on his receipt, of which only the digest
    is kept, and the nonce of the code that was last sent to his telephone."""

    about_id = models.UUIDField(primary_key=True)
    #: keyed digest of the code on the receipt; null: none was given out
    digest = models.BinaryField(null=True)
    #: from this and the program's secret key the code that was sent is made; null: none stands
    nonce = models.BinaryField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "follow_codes"
