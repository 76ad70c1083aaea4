from django.apps import AppConfig
from django.utils.translation import get_language

from backstride import words


class Config(AppConfig):
    name = "backstride.web.people"
    label = "people"

    def ready(self):
        words.ask(get_language)
