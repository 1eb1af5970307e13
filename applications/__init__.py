"""電子申請: forms, drafts, applications and what becomes of them."""
