from django.urls import path

from customers.views import imports, op_codes

app_name = "customers"
urlpatterns = [
    path("imports/", imports.import_list, name="import-list"),
    path("imports/upload/", imports.upload, name="import-upload"),
    path("imports/<int:import_id>/", imports.detail, name="import-detail"),
    path("imports/<int:import_id>/check/", imports.check, name="import-check"),
    path("imports/<int:import_id>/run/", imports.run, name="import-run"),
    path("imports/<int:import_id>/date-order/", imports.date_order, name="import-date-order"),
    path("imports/<int:import_id>/issues/", imports.issues, name="import-issues"),
    path("imports/<int:import_id>/undo/", imports.undo, name="import-undo"),
    path("imports/<int:import_id>/files/<int:file_id>/columns/", imports.columns, name="import-columns"),
    path("imports/<int:import_id>/files/<int:file_id>/errors/", imports.errors, name="import-errors"),
    path("op-codes/", op_codes.op_code_list, name="op-code-list"),
    path("op-codes/<int:op_code_id>/", op_codes.assign, name="op-code-assign"),
]
