from django import forms


class AnswerForm(forms.Form):
    """An answer as the customer, in the sandbox."""

    channel = forms.ChoiceField(choices=[("sms", "Text"), ("email", "E-mail"), ("voice", "Call")])
    text = forms.CharField(max_length=1600, required=False, strip=False)
    subject = forms.CharField(max_length=300, required=False)
    digits = forms.RegexField(r"^[0-9*#]{1,10}$", required=False)

    def clean(self) -> dict[str, str]:
        said: dict[str, str] = super().clean() or {}
        if not (said.get("text", "").strip() or said.get("digits")):
            raise forms.ValidationError("Say something.")
        return said
