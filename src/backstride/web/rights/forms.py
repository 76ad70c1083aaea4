from __future__ import annotations

from django import forms


class DeleteForm(forms.Form):
    """A password given anew, for what can't be undone."""

    password = forms.CharField(
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        label="Your password",
        help_text="So that nobody else can do this at your screen.",
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self):
        given = self.cleaned_data["password"]
        if not self.user.check_password(given):
            raise forms.ValidationError("This is not your password. Nothing was deleted.")
        return given
