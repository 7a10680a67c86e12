from django.urls import path

from conversations.views import inbox

app_name = "conversations"
urlpatterns = [
    path("conversations/", inbox.conversation_list, name="conversation-list"),
    path("conversations/<int:customer_id>/", inbox.conversation_detail, name="conversation-detail"),
    path("conversations/<int:customer_id>/close/", inbox.conversation_close, name="conversation-close"),
    path(
        "conversations/<int:customer_id>/vehicles/<int:vehicle_id>/sold/",
        inbox.vehicle_sold,
        name="vehicle-sold",
    ),
]
