"""Preventive maintenance: rules that open work orders by calendar, by meter, or by either."""
