"""Addresses of lending."""

from django.urls import path

from lending.views import desk, family, language, managing, notices, offline, practice, sign_in, telling

app_name = "lending"
urlpatterns = [
    path("language/", language.choose_language, name="choose_language"),
    path("sign-in/", sign_in.family, name="sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("staff/sign-in/", sign_in.staff, name="staff_sign_in"),
    path("family/", family.family, name="family"),
    path("family/notices/", notices.notices, name="notices"),
    path("family/notices/on/", notices.switch_on, name="push_on"),
    path("family/notices/off/", notices.switch_off, name="push_off"),
    path("books/<int:edition_id>/reserve/", family.reserve, name="reserve"),
    path("holds/<int:hold_id>/cancel/", family.cancel_hold, name="cancel_hold"),
    path("loans/<int:loan_id>/renew/", family.renew, name="renew"),
    path("loans/renew/", family.renew_all, name="renew_all"),
    path("desk/", desk.desk, name="desk"),
    path("desk/scan/", desk.scan, name="scan"),
    path("desk/finish/", desk.finish, name="finish"),
    path("desk/undo/<int:movement_id>/", desk.undo_scan, name="undo"),
    path("desk/renew/<int:loan_id>/", desk.renew_at_desk, name="desk_renew"),
    path("manage/", managing.overview, name="managing"),
    path("manage/closures/", managing.closures, name="closures"),
    path("manage/closures/<int:closure_id>/withdraw/", managing.withdraw_closure, name="withdraw_closure"),
    path("manage/hours/<int:branch_id>/", managing.hours, name="hours"),
    path("manage/policies/add/", managing.policy, name="add_policy"),
    path("manage/policies/<int:policy_id>/", managing.policy, name="policy"),
    path("manage/policies/<int:policy_id>/delete/", managing.delete_policy, name="delete_policy"),
    path("desk/tell/", telling.tell, name="tell"),
    path("desk/tell/slips.pdf", telling.slips, name="slips"),
    path("desk/tell/<int:household_id>/", telling.mark_told, name="mark_told"),
    path("desk/tell/<int:household_id>/slip.pdf", telling.slip, name="slip"),
    path("desk/practice/", practice.practise, name="practise"),
    path("desk/practice/back/", practice.step_back, name="practise_back"),
    path("desk/offline/", offline.shell, name="desk_shell"),
    path("desk/worker.js", offline.worker, name="desk_worker"),
    path("desk/manifest.webmanifest", offline.manifest, name="desk_manifest"),
    path("desk/pulse/", offline.pulse, name="desk_pulse"),
    path("desk/snapshot/", offline.snapshot, name="desk_snapshot"),
    path("desk/upload/", offline.upload, name="desk_upload"),
]
