from django.urls import path

from messaging.views import law

app_name = "platform"
urlpatterns = [
    path("law/", law.law_list, name="law-list"),
    path("law/new/<slug:kind>/", law.law_new, name="law-new"),
    path("law/<str:key>/", law.law_rule, name="law-rule"),
]
