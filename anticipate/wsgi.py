import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anticipate.settings")

application = get_wsgi_application()

from anticipate.soundness import exit_unless_sound  # noqa: E402 -- needs Django set up

exit_unless_sound()
