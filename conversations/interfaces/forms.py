from django import forms

from conversations.services.advising import TEXT_LENGTH


class AnswerForm(forms.Form):
    """What an advisor writes to a customer."""

    text = forms.CharField(
        label="Your answer",
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write something first."},
    )
    nonce = forms.RegexField(r"^[\w-]{8,40}$", widget=forms.HiddenInput)
