"""Money: who holds how much, and each movement of it.

- An **Account** holds money of one currency: a person's balance (`client`), what they earned (`earnings`), or what is
  set aside for one piece of work (`escrow`). The house has two a currency: `gateway` is the world outside, `platform`
  its own purse.
- A **Transfer** takes one amount from one account (debit) and puts it into another (credit). One row is both sides, so
  it balances by construction. It is never changed and never deleted; a mistake is answered by another transfer.
- An account's balance is what came in less what went out. It is written by the transfer's trigger and by nothing else,
  and it cannot fall below zero. The house's accounts keep no balance, because every act would wait for that one row;
  theirs is the sum of their transfers (below zero at the gateway: what people have brought in).
- A **Deposit** is the wish to bring money in. It becomes a transfer when its gateway says that the money has arrived.

The guards stand in the database, so that they also hold for a shell, a script and the admin.
"""

from escrow.models.account import Account
from escrow.models.deposit import Deposit
from escrow.models.transfer import Transfer

__all__ = ["Account", "Deposit", "Transfer"]
