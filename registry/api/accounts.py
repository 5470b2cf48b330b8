"""Resources of accounts."""

from registry.api.base import make_blueprint

blueprint = make_blueprint("Accounts", "Who a program acts for, and the organisations of the register")
