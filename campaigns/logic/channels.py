"""Which channel a step uses for one person."""

from collections.abc import Collection

from campaigns.enums import ChannelRule
from common.enums import Channel

# What takes the place of a channel that cannot be used, in this order. A letter costs a stamp and a call
# rings: neither stands in for another channel, they come only where a step names them.
STAND_INS: dict[str, tuple[str, ...]] = {
    Channel.EMAIL: (Channel.SMS,),
    Channel.SMS: (Channel.EMAIL,),
    Channel.VOICE: (Channel.SMS, Channel.EMAIL),
    Channel.LETTER: (Channel.EMAIL, Channel.SMS),
    Channel.WEB_PUSH: (Channel.EMAIL, Channel.SMS),
}


def candidates(rule: str, *, channel: str, preferred: str = "") -> tuple[str, ...]:
    """Return the channels a step may use for a person, best first.

    `fixed` is the step's channel or nothing; `next_working` goes on to its stand-ins; `preferred` begins
    with what the person asked for.
    """
    if rule == ChannelRule.FIXED:
        return (channel,)
    first = preferred if rule == ChannelRule.PREFERRED and preferred else channel
    return tuple(dict.fromkeys((first, channel, *STAND_INS[channel])))


def next_after(channel: str, *, tried: Collection[str]) -> str | None:
    """Return the channel that takes over in a step of `channel` when all in `tried` failed for good, or None."""
    return next((other for other in (channel, *STAND_INS[channel]) if other not in tried), None)


def choose(options: tuple[str, ...], *, usable: Collection[str]) -> str | None:
    """Return the first of the options that can be used now, or None."""
    return next((channel for channel in options if channel in usable), None)
