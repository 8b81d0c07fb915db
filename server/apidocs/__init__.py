"""The description of the API: made of routes, policies, schemas and messages, shown at `/api/docs`."""
