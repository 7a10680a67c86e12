from conversations.models.conversation import Conversation, Understanding

__all__ = ["Conversation", "Understanding"]
