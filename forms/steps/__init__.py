"""The steps of a report: `show(scene)`, `save(scene)` or `receive(duty_id)`, `keep(scene)` to save for later."""
