from collections.abc import Callable

messages_path: Callable[[], str]
