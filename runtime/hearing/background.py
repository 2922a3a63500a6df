"""What people ask and say at a desk anywhere: the background that a knowledge base's questions stand out from.

One pattern a line: `(a|b)` is a choice, `[a]` may be left out, `<name>` is one of the list of that name.
Patterns with lists are not written out in full: each line yields at most `_LIMIT` sentences, spread evenly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

_LIMIT = 40

_LISTS = {
    "place": (
        "toilet|restroom|bathroom|exit|entrance|elevator|lift|stairs|escalator|lobby|reception|front desk|cafe|"
        "restaurant|coffee shop|bar|shop|gift shop|bookstore|cloakroom|lockers|ticket office|parking lot|car park|"
        "garage|bus stop|train station|subway|taxi stand|garden|park|playground|library|theater|cinema|hall|"
        "main hall|conference room|meeting room|waiting room|gallery|museum|hospital|pharmacy|bank|cash machine|"
        "post office|hotel|gym|pool|office|terrace|roof|basement|first floor|second floor|third floor|ground floor|"
        "information desk|lost and found|first aid room|prayer room|nursing room|smoking area|water fountain"
    ),
    "thing": (
        "ticket|tickets|map|guide|brochure|wheelchair|stroller|umbrella|locker|bag|coat|phone|charger|receipt|"
        "refund|discount|coupon|menu|coffee|tea|water|juice|beer|wine|sandwich|cake|ice cream|lunch|dinner|"
        "breakfast|table|seat|chair|room|key|card|credit card|cash|bottle|book|postcard|souvenir|poster|present|"
        "camera|photo|picture|video|tour|guided tour|audio guide|headphones|translator|password|form|pen|"
        "membership|subscription|season ticket|group ticket|family ticket|student card|voucher|parking space"
    ),
    "event": (
        "tour|show|film|movie|concert|lecture|talk|workshop|class|course|exhibition|exhibit|event|meeting|game|"
        "party|festival|market|fair|performance|demonstration|presentation|opening|sale"
    ),
    "who": (
        "children|kids|students|seniors|adults|families|groups|members|visitors|teachers|babies|tourists|"
        "disabled people|my son|my daughter|my wife|my husband|my mother|my father|my friend|my grandmother|us|me"
    ),
    "when": (
        "today|tomorrow|tonight|now|later|this morning|this afternoon|this evening|this week|next week|this month|"
        "on monday|on tuesday|on wednesday|on thursday|on friday|on saturday|on sunday|on mondays|on sundays|"
        "on weekends|on holidays|at noon|at night|in the morning|in the evening|in summer|in winter|every day|"
        "at christmas|on new year's day|at nine|at ten|at five|at six o'clock|in an hour|in ten minutes"
    ),
    "do": (
        "smoke|eat|drink|sit|rest|park|pay|swim|sleep|wait|take photos|take pictures|use flash|film|draw|sketch|"
        "touch the objects|bring food|bring a dog|bring my bag|bring a stroller|use my phone|charge my phone|"
        "leave my coat|leave my bags|store my luggage|buy tickets|buy souvenirs|get a drink|get something to eat|"
        "change a diaper|feed my baby|borrow a wheelchair|rent a room|get married|have a party|book a tour|"
        "make a reservation|make a complaint|return something|get a refund|become a member|volunteer|apply for a job|"
        "find out more|speak to someone|talk to a person|get help|connect to the internet|come back later"
    ),
    "what": (
        "building|painting|statue|sculpture|artist|exhibition|collection|museum|company|product|service|city|"
        "restaurant|city center|history|price|address|phone number|website|name|opening time|closing time|"
        "password|rule|difference|reason|plan|program|schedule|menu|weather|time|date|news|capital|language|color"
    ),
    "like": (
        "big|old|long|far|high|tall|heavy|expensive|cheap|busy|crowded|loud|dark|safe|clean|warm|cold|interesting|"
        "popular|famous|good|bad|different|special|new|free|open|closed|full|empty|available|real|original"
    ),
    "number": (
        "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|"
        "seventy|eighty|ninety|a hundred|a thousand|a couple of|a few|some"
    ),
    "vehicle": "bus|train|car|taxi|bike|bicycle|subway|tram|plane|foot|boat|metro",
    "language": "english|french|german|spanish|italian|chinese|japanese|korean|russian|portuguese|arabic",
}

_PATTERNS = """
where is the <place>
where are the <place>
where is the nearest <place>
where's the <place>
(where|how) (can|do) i find (the|a) <place>
how do i get to the <place>
how do we get to the <place> from here
which way (is|to) the <place>
can you (show|tell) me the way to the <place>
[excuse me] is there a <place> (here|nearby|around here|in the building)
is the <place> open <when>
is the <place> closed <when>
when does the <place> (open|close)
what time does the <place> (open|close) <when>
how far is the <place> [from here]
i am looking for the <place>
i'm looking for a <place>
i can't find the <place>
do you have a <place>
take me to the <place>
on which floor is the <place>
is the <place> on the (first|second|third|ground) floor
how much is (a|the) <thing>
how much does (a|the) <thing> cost
what does a <thing> cost
how much are the <thing>
what is the price of a <thing>
where can i (get|buy|find|rent|borrow|leave) a <thing>
where do i (get|buy|put|return|leave) my <thing>
where do we (get|buy) <thing>
can i (have|get|buy|see|borrow|rent|return|change) a <thing> [please]
can i (take|bring|use|keep|leave) my <thing> [here|inside]
could i have <number> <thing>
i would like (a|the) <thing> [please]
i'd like <number> <thing> please
i want (a|the|to buy a|to return a) <thing>
i need a <thing>
i (lost|forgot|left) my <thing>
someone (took|stole|found) my <thing>
do you (have|sell|offer|rent|take) <thing>
do you have any <thing> (left|for <who>)
do i need a <thing>
is there (a|any) <thing> for <who>
are there any <thing> left <when>
is the <thing> included [in the price]
is a <thing> free for <who>
are <thing> cheaper for <who>
can i pay (by|with) (card|credit card|cash|my phone)
do you (take|accept) (cards|credit cards|cash|checks|dollars|euros)
do <who> (pay|get in free|need a ticket|get a discount)
is it free for <who>
is there a discount for <who>
how much is it for <who>
what about <who>
when (is|does) the next <event> [start|begin|end]
what time (is|does) the <event> [start|begin|end]
how long (is|does) the <event> [last|take]
is there (a|an|any) <event> <when>
are there any <event> <when>
what <event> are (on|there) <when>
where (is|does) the <event> [start|take place]
how do i (book|join|sign up for|register for|cancel) (a|the) <event>
can i (book|join|cancel|miss) (a|the) <event> <when>
is the <event> in <language>
is the <event> good for <who>
do you (have|offer|host|organize) (a|an|any) <event> for <who>
how many people can join the <event>
tell me about the <event>
can i <do> [here|inside|in the <place>]
can we <do>
may i <do> [here]
am i allowed to <do>
are we allowed to <do> in the <place>
is it (okay|possible|allowed) to <do>
where can i <do>
how (can|do) i <do>
when can i <do>
do i have to pay to <do>
i (want|would like|need) to <do>
can <who> <do>
is there (somewhere|a place) to <do>
are you open <when>
are you closed <when>
when (are you open|do you open|do you close) [<when>]
what time (do you open|do you close) <when>
what are your (opening|business|holiday|weekend) hours
until when are you open <when>
how late are you open <when>
can i come <when>
what is on <when>
what can (i|we) do <when>
what is there to (do|see|eat|drink) <when>
when is the best time to (visit|come|go)
is it (busy|crowded|quiet) <when>
how (long|much time) (does it take|do i need|should i plan) [for a visit]
how long is the (wait|line|queue|walk)
how long can i stay
what should i (see|do|visit|try) first
what do you recommend [for <who>]
what are the highlights [of the collection]
what is (new|special|popular|interesting) here
what is (the|your) <what>
what's the <what> [of the <place>]
what is this <what> (called|about|made of)
what kind of <what> is (this|that|it)
which <what> is the (best|oldest|newest|biggest|most famous)
who (made|built|painted|designed|owns|founded|wrote|discovered) (the|this) <what>
who is the <what> (of|by|for)
who is (that|this|in the picture|in charge|the manager|the director)
when was the <what> (built|made|painted|founded|opened|discovered)
where (does|did) the <what> come from
where was the <what> (found|made|built)
why is the <what> so <like>
how <like> is (it|this|the <what>|the <place>)
how old is (it|this|the <what>)
is (it|this|that|the <what>|the <place>) <like>
are they <like>
is the <what> for sale
tell me (about|more about|something about) (the|this) <what>
i want to (know|learn|hear) (about|more about) the <what>
can you (explain|describe|repeat) (that|the <what>)
what does (that|this|it) mean
what happened to the <what>
do you know the <what>
how many <thing> (are there|do you have|can i buy)
how many <event> are there
how many people (work|live|come) here
how do i get (here|there|home|in|out|upstairs|downstairs) [by <vehicle>]
how can i come by <vehicle>
can i (come|go|get there) by <vehicle>
which (bus|train|tram|line) (goes|stops) (here|there|to the <place>)
where does the <vehicle> (stop|leave)
where can i park my (car|bike)
is there (parking|a <vehicle> stop) (here|nearby)
is it far by <vehicle>
can you call (a taxi|someone|the police|a doctor|an ambulance|security|a colleague|my hotel) [please]
i need (help|a doctor|some help|assistance|information|a break|to sit down|to rest)
i (feel|am) (sick|tired|hungry|thirsty|lost|hurt|cold|bored|late)
there has been an accident
my (child|son|daughter|friend|wife|husband) is (lost|missing|sick|hurt)
please help me
can you help (me|us) [please]
could you (help me|repeat that|say that again|speak slower|speak louder|write it down|show me) [please]
who can help me with (my|the) <thing>
can i (speak|talk) to (a person|a human|someone|the manager|a colleague|staff)
do you speak <language>
can we speak <language>
is there a guide in <language>
i (speak|don't speak|only speak) <language>
is (the <place>|the museum|the building|the tour|it) (accessible|wheelchair accessible|air conditioned|heated)
is there (wifi|internet|a lift|a ramp|air conditioning|heating) [in the <place>]
what is the (wifi|wi fi) (password|name)
how do i connect to the (wifi|internet|network)
is the (wifi|internet|water|parking|entrance) free
what is your (name|phone number|address|email|email address|favorite <what>|job)
who are you
are you (a robot|a computer|a person|human|real|an ai|alive|new here)
how old are you
where are you from
what can you do
how are you [today]
can you (sing|dance|tell me a joke|tell me a story|see me|hear me)
tell me a (joke|story|secret)
hello [there]
hi [there]
good (morning|afternoon|evening|night|bye)
[okay] thank you [very much]
thanks [a lot]
goodbye
see you (later|tomorrow|soon)
nice to meet you
you are (nice|funny|welcome|wrong|right|very helpful|beautiful)
i (like|love|hate|don't like) (it|this|that|you|the <what>)
yes [please|i do|it is|of course]
no [thank you|thanks|i don't|it isn't|not really|never mind]
(maybe|sure|okay|alright|right|exactly|of course|not now|not yet|later)
(stop|wait|pause|continue|go on|start over|go back|repeat that|again please|one moment|hold on)
be quiet please
that's (all|it|enough|right|wrong|great|not what i asked|not what i meant)
i (don't|didn't) (know|understand|hear you|get it|mean that)
what did you say
say that again [please]
i have (a question|another question|a problem|a reservation|no idea|no cash|no time|a complaint|an appointment)
i have (only|just) <number> (minutes|hours|dollars|euros)
we are <number> people
i am here (for|with) (the <event>|<who>)
we are here for the <event>
i have lost (my way|my friends|my child|my ticket)
(what|how) about <when>
is it (raining|snowing|hot|cold|sunny) (outside|today)
what's the weather [like] <when>
what (time|day|date) is it [today|now]
what is the (capital|population|president|king|queen) of (france|england|china|america|germany|japan|italy|spain)
how (tall|high|deep|big|far) is the (tower|mountain|river|sea|moon|sun|earth)
who (won|plays|is winning) (the game|the match|the cup) (last night|today|yesterday)
what is <number> (plus|minus|times|divided by) <number>
(play|turn on|turn off|turn up|turn down) the (music|light|lights|radio|television|volume|sound)
(set|cancel|stop) (a|the|an) (timer|alarm|reminder) [for <number> minutes]
(send|write|read) (a|my|the) (message|email|letter) [to <who>]
(order|buy|book|find) me a (pizza|taxi|flight|hotel|ticket|table)
how do i (cook|make|fix|clean|open|use|change|repair) (a|the|my) (egg|tire|door|window|computer|car|phone|machine|bed)
what is the (best|fastest|cheapest) way (to go|to get there|there|home)
can you recommend (a|an|any) (<place>|book|film|dish|walk|beach)
do you have (vegetarian|vegan|gluten free|halal|kosher|warm|cold) (food|dishes|options|drinks)
is there (food|meat|milk|sugar|alcohol|nuts) in (it|that|the <thing>)
does (it|this|that) (work|cost extra|come with a <thing>|need batteries|hurt)
what happens if (it rains|i am late|i lose my <thing>|i can't come|i cancel)
can i (cancel|change|move|get my money back for) my (booking|reservation|order|ticket|appointment)
where is my (order|package|booking|car|friend|bag|coat|seat|room)
how do i (cancel|change|pay for|pick up|track) my (booking|reservation|order|appointment)
do you (ship|deliver|offer delivery|give refunds|give discounts|buy old things)
do you have (this|it|that) in (another color|a bigger size|a smaller size|red|blue|green|black|white)
what (size|color|brand|model) is (this|it|that)
is (this|it|that) (made of|made in) (wood|metal|gold|silver|stone|glass|plastic|paper|china|europe)
how does (it|this|that|the <what>) work
why (is that|not|do you ask|is it closed|can't i <do>)
why are you (closed|here|so expensive|called that)
are there (many|any|other) (stairs|seats|benches|tables|visitors|paintings|animals|plants|fish|birds|insects)
where are the (animals|dinosaurs|mummies|paintings|statues|fossils|minerals|stars|planets|insects|birds|fish|knights)
where can i see the (animals|dinosaurs|paintings|stars|planets|ships|trains|cars|coins|masks|clocks|weapons|dresses)
what (animals|paintings|objects|languages|services|products|sizes|colors|drinks) do you have
do you (have|show|keep) (modern|ancient|old|local|african|asian|european|american) (art|paintings|history|objects|music)
is there (anything|something) (for|about) (<who>|space|animals|music|war|science|nature|fashion|ships|trains)
"""


def sentences() -> list[str]:
    """Several thousand plain sentences in lower case, always the same ones."""
    return [said for line in _PATTERNS.strip().splitlines() for said in _some(line.strip())]


def _some(pattern: str) -> list[str]:
    every = [" ".join(said.split()) for said in _ways(pattern)]
    stride = round(len(every) * 0.618) | 1
    return list(dict.fromkeys(every[at * stride % len(every)] for at in range(min(_LIMIT, len(every)))))


def _ways(pattern: str) -> Iterator[str]:
    parts = [list(_choices(part)) for part in re.findall(r"\((?:[^()]*)\)|\[[^\]]*\]|<\w+>|[^()\[\]<>]+", pattern)]
    for chosen in product(*parts):
        yield "".join(chosen)


def _choices(part: str) -> Iterator[str]:
    if part[0] == "[":
        yield ""
    if part[0] in "([":
        for choice in part[1:-1].split("|"):
            yield from _ways(choice)
    elif part[0] == "<":
        yield from _LISTS[part[1:-1]].split("|")
    else:
        yield part
