from insights.queries.timeline.stream import page

__all__ = ["page"]
