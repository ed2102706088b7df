"""Codes of problems and notes found by proving what a compiled procedure can and cannot do."""

#: what keeps a document from being in force
PROBLEMS = {
    # steps
    "flow-never-opened": "no case of this flow can ever be opened",
    "step-unreachable": "no way leads to this step",
    "step-without-exit": "a case gets into this step and never out of it",
    "step-without-end": "from this step no end can be reached any more",
    "flow-without-end": "no step of the flow leads to an end",
    "leave-never-tried": "earlier ways out are always taken before this one",
    "leave-never-holds": "the condition of a way out can never hold",
    # tasks
    "task-never-begins": "none of the events in `from` can happen",
    "task-never-owed": "the condition of the task can never hold",
    "task-endless": "nothing that can happen discharges the task",
    "task-out-of-reach": "what discharges the task can no longer be reached where it begins",
    "owner-cannot-act": "who owes the task may not do any of the acts that discharge it",
    "miss-without-consequence": "a limit, and nothing said about missing it",
    "no-limit": "something that only a limit can bring, and no limit",
    "remind-without-limit": "a reminder without a limit to count back from",
    "climb-empty": "a miss climbs a line without rungs",
    "limit-too-short": "what must be waited for is longer than the limit",
    "blocks-own-end": "a task forbids the only acts that discharge it",
    "tasks-block-each-other": "tasks that each forbid what would discharge the other",
    # actions
    "action-nobody": "nobody can ever take the action",
    "action-never-offered": "the action is never on offer",
    "needs-never-hold": "needs of one action that can never hold together",
    "reports-with-needs": "needs of an action that only records what has happened",
    "wait-in-circle": "rules of which each waits for the next",
    "instead-not-offered": "what may be done instead is not on offer there",
    "nobody-left": "people are kept apart until nobody is left",
    # fields
    "form-never-filled": "no action fills any field of the form",
    "field-never-filled": "a required field that nothing fills",
    "field-read-never-filled": "a field that something reads and nothing fills",
    "only-others": "an action must fill what only others may fill",
    "fills-computed": "an action fills what is computed",
    "copy-shows-private": "a copy shows a field to a role from which it is hidden",
    # tables
    "table-gap": "a case that no row covers, and something waits for the outcome",
    "table-hole": "a day on which no row is in force",
    "table-overlap": "two rows hold together where only one may",
    "table-dead-row": "a row that never hits",
    # authorities
    "authority-no-level": "what exceeds `alone` has no level that decides it",
    "authority-only-asker": "only the person who asks could decide",
    "authority-level-unreached": "a level that no case reaches",
    # facts
    "fact-not-asked-before": "the fact is asked only after the act that reads it",
    "match-unknown-column": "rows or cases are looked up by a column that they do not have",
    "claim-impossible": "an answer of this shape cannot be reserved",
    # what happens by itself
    "trigger-never-fires": "the trigger can never fire",
    "trigger-circle": "a chain of rules that act by themselves returns to its beginning",
    "notice-never-sent": "the notice is never sent",
    "posting-to-itself": "debit and credit are the same account",
    "posting-never-made": "the posting is never made",
    # figures
    "figure-not-in-force": "no value is in force when the procedure comes into force",
    # people
    "role-unheld": "nobody in the organisation holds the role",
    "role-circle": "roles that stand in for one another in a circle",
    # words
    "number-repeats": "a pattern that gives two papers the same number",
    "unknown-slot": "a blank in a text that nothing can fill",
    "script-nowhere": "a script that is shown nowhere",
    "guide-nowhere": "a guide that is offered nowhere",
    "guide-unreachable": "a question that no answer leads to",
    "guide-dead-end": "an answer after which nothing follows",
    "guide-loop": "questions that lead back to themselves",
    "guide-stops-forever": "nothing can end what stops a guide",
    "guide-disagrees": "a guide and its table come to different conclusions",
    # clauses
    "clause-not-carried": "a clause that no rule carries and nothing shows",
    "example-failed": "an example does not come out as it says",
    "clause-not-in-catalogue": "a heading states a clause that the regulation does not have",
}

#: what a person should confirm, though nothing is certainly wrong
NOTES = {
    "threshold": "the sentence that a comparison makes",
    "figure-default": "a figure of our own, not of the regulation",
    "figure-unset": "a figure that the organisation has to set",
    "figure-unused": "a figure that nothing reads",
    "role-unused": "a role that no rule names",
    "fact-unused": "a fact that nothing reads",
    "field-unused": "an optional field that nothing fills or reads",
    "form-never-issued": "a paper with number or copies that nothing issues",
    "task-left-behind": "a case can leave the only steps in which an open task can be discharged",
    "every-late-in-month": "a day that some months do not have",
    "measure-counts": "a measure that only counts",
    "retention-missing": "how long closed cases are kept is not said",
    "slot-unused": "a blank that the words do not have",
    "variant-never-said": "words whose turn never comes",
    "clause-text-only": "a clause that is only text, on purpose",
    "text-only-carried": "a clause named as text only, though a rule carries it",
    "text-only-unknown": "text_only names a clause that the regulation does not have",
    "check-limited": "there were too many cases to try them all",
}

CODES: dict[str, str] = PROBLEMS | NOTES
