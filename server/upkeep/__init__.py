"""Preventive maintenance: rules, the work orders that come of them, the year ahead."""
