"""The service desk: what residents and customers ask for, until they are satisfied."""
