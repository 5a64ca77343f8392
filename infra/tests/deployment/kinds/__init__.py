"""The types of resources that the templates have. One that is missing here fails."""

from . import computing, data, network, pool, watching

KINDS = computing.KINDS | data.KINDS | network.KINDS | pool.KINDS | watching.KINDS
