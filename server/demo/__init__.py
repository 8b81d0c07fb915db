"""The demo estate 幸福花园 Happiness Garden, and two days of its work.

`estate`, `forms`, `people` and `plans` are plain data. `service.create` sets them up through the
services that the console uses, enrols phones and lets them walk the rounds through the real
protocol: every state on the board follows from records that were sent.
"""
