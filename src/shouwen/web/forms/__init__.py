"""Forms from rules: what an act asks for as fields on a page, and what was typed as the language wants it."""

from shouwen.web.forms.build import act_form, offer_form, opening_form
from shouwen.web.forms.post import placed, read_drawings, read_extras, read_post, row_asked
from shouwen.web.forms.setting import Person, Setting
from shouwen.web.forms.views import ErrorView, FieldView, FormView, OptionView, RowView, SectionView

__all__ = [
    "ErrorView",
    "FieldView",
    "FormView",
    "OptionView",
    "Person",
    "RowView",
    "SectionView",
    "Setting",
    "act_form",
    "offer_form",
    "opening_form",
    "placed",
    "read_drawings",
    "read_extras",
    "read_post",
    "row_asked",
]
