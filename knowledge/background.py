"""Questions that hardly any knowledge base answers: against them a library finds where its own begin.

They stay clear of small talk, which many libraries do answer.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

_EN = """
What will the weather be like tomorrow?
How do I boil an egg?
Who won the football match last night?
What is the square root of two hundred?
Can you book me a flight to Lisbon?
How tall is Mount Everest?
What is the capital of Mongolia?
Why is the sky blue?
How many calories are in a banana?
Translate good morning into Italian.
What is the exchange rate of the dollar?
Set an alarm for six in the morning.
How do I reset my phone?
My internet connection is very slow.
Which stocks should I buy?
How do I change a flat tyre?
What is the best treatment for a cold?
Who is the prime minister of Canada?
Play some jazz music.
How far away is the moon?
Where can I get my car washed?
How do I apply for a passport?
What does this error message on my laptop mean?
Can you recommend a good novel?
How long should I roast a chicken?
What is the meaning of life?
Do dogs see in colour?
Which film won the Oscar this year?
How do I get rid of ants?
What is my horoscope for today?
Turn off the lights in the kitchen.
How do I learn to play the guitar?
What is the plot of Hamlet?
How do vaccines work?
When is the next election?
What is the population of Brazil?
How do I write a letter of complaint?
Can I return the shoes I bought online?
What is the fastest animal?
How old is the universe?
How do I cancel my subscription?
What is the interest rate on a savings account?
My order has not arrived yet.
How much protein do I need a day?
What is the difference between a crocodile and an alligator?
How do I tie a bow tie?
Who invented the telephone?
What time is it in Tokyo?
Where did I leave my keys?
Add milk to my shopping list.
How do I remove a coffee stain?
What are the symptoms of flu?
Is there life on Mars?
How do I train for a marathon?
What is a good name for a cat?
How do I get a mortgage?
Which laptop is good for games?
What is the speed of light?
Send a message to my brother.
How do I grow tomatoes on a balcony?
What is the recipe for pancakes?
Can you do my homework?
Who wrote War and Peace?
How do airplanes stay in the air?
What is the deadline for my tax return?
How do I fix a leaking tap?
What should I wear to a wedding?
How many days are there until Christmas?
What is quantum computing?
When does the next train to Berlin leave?
How do I stop hiccups?
Can you call my wife?
What language do they speak in Peru?
How do I clean a cast iron pan?
Which team is top of the league?
What is the boiling point of alcohol?
How do I update the driver of my printer?
Are tomatoes a fruit or a vegetable?
How do I open a bank account?
What is the price of gold?
How do I whistle with two fingers?
Why do cats purr?
What is the longest river in Africa?
How do I get over a break-up?
Which vitamins are in spinach?
Is it going to rain this afternoon?
Show me the way to the nearest petrol station.
What are the rules of chess?
How do I make my hair grow faster?
Who is the richest person in the world?
How do I delete my browser history?
What is the traffic like on the motorway?
Can you sing a song?
How do I calculate a percentage?
What happened in the news today?
Where is the nearest dentist?
How much does a new car cost?
What is the tallest building on earth?
How do I say thank you in Japanese?
I would like to order a large pizza.
Which planet has the most moons?
Do you think it is wrong to lie?
What size of nail do I need for this board?
Who painted the fence next door?
How do I renew my driving licence?
What is the best phone this year?
My neighbour is far too loud.
Who discovered electricity?
Who was the first person on the moon?
Who came up with the idea of zero?
What is a black hole?
What is inflation?
What does democracy mean?
What is machine learning?
How do computers work?
Where do rivers come from?
Where does the word robot come from?
Why do leaves turn red in autumn?
Why is the sea salty?
How is glass made?
How do bees make honey?
Which animal sleeps the longest?
How many people live in China?
When did the Second World War end?
Who is the king of Spain?
What is seven times eight?
What is fifteen percent of eighty?
How many grams are in a pound?
My boyfriend has left me.
I had a fight with my mother.
I cannot sleep at night.
I hate my boss.
I feel lonely today.
My back has been hurting for a week.
How do I lose ten kilos?
Should I take an aspirin?
How do I ask a girl out?
What should I call my daughter?
What shall I cook tonight?
How do I sharpen a knife?
How do I paint a wall?
How do I drive a tractor?
How do I ride a horse?
How do I write a poem?
How do I make paper planes?
How do I get wine out of a carpet?
My car does not start.
My washing machine is leaking.
My laptop is frozen.
My phone screen is cracked.
How do I install Windows?
How do I write a loop in Python?
What is the keyboard shortcut for copying?
My wife cannot find her glasses.
I lost my wallet on the train.
Who took my bicycle?
Pay my gas bill.
Transfer fifty euros to my sister.
What is the balance of my account?
How do I pay my rent?
What is my credit score?
How do I file for divorce?
How do I get a visa for the United States?
Where can I buy cheap flights?
Where can I buy fresh bread?
Where can I buy a used car?
Where do I buy nails and screws?
Order me a new pair of trousers.
Which pizza place delivers here?
Find me a flat in Paris.
What are good places to visit in Portugal?
How long is the flight to New York?
How far is it to Madrid by car?
Is the motorway to the south blocked?
Remind me to water the plants.
Read me my messages.
What is on my calendar on Friday?
Skip this song.
Turn the volume up.
Take a note for me.
What is the plural of mouse?
How do you spell necessary?
Give me another word for happy.
What is your favourite colour?
Have you ever been in love?
What did you eat yesterday?
Who is going to win the world cup?
What was the score of the game?
Which horse should I bet on?
What is the best exercise for the legs?
What do hedgehogs eat?
Why does my dog bark at night?
How do I plant a tree?
When should I cut the roses?
Is my milk still good?
How do I know whether an egg is fresh?
What does a plumber earn?
How do I write an application?
How do I become a pilot?
Should I buy or rent a house?
What is a good present for my father?
How do I fold a shirt?
What is the national dish of Hungary?
Which religion has the most followers?
Do ghosts exist?
What happens after death?
Flip a coin.
""".strip().splitlines()

_FALLBACK = {
    "en": "I am sorry, I do not know that.",
    "zh": "不好意思，这个我还不清楚。",
}


@cache
def _zh() -> tuple[str, ...]:
    return tuple((files(__package__) / "background_zh.txt").read_text(encoding="utf-8").split())


def strays(language: str) -> tuple[str, ...]:
    """Questions off nearly every topic in the primary language of a BCP-47 tag; none for a language without a list."""
    return {"en": tuple(_EN), "zh": _zh()}.get(language.split("-")[0].lower(), ())


def fallback_line(language: str) -> str:
    """What a library without `fallback` says when it finds nothing."""
    return _FALLBACK.get(language.split("-")[0].lower(), _FALLBACK["en"])
