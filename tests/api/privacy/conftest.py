from tests.api.field import garden

__all__ = ["garden"]
