from django.urls import path

from dealerships import views

app_name = "dealerships"
urlpatterns = [path("", views.home, name="home")]
