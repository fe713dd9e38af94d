"""Random pages and pieces of plain text: letters, books, receipts, chats, forms; no pixels."""
