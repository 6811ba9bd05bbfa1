"""`python -m app.mailbox`: both servers, until TERM or INT."""

from app.mailbox.server import main

main()
