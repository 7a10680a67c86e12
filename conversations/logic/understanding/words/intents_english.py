"""What people say, by what they mean by it; written in the language of `phrases`. English."""

INTENTS = {
    "complaint": """
        is|are still there|broken|leaking|making|doing|not / still makes|does|leaks|there
        complain|complaint|complaining / terrible|horrible|awful|worst|pathetic|disgusting|disgusted
        rip|ripped off / ripoff / scam|scammed|scammers / lawyer|lawsuit|attorney / unacceptable
        angry|furious|pissed / ridiculous / disappointed|disappointing / never coming back / never .. again
        better business bureau / bbb / refund / overcharged|overcharge / poor service|job|work / rude
        lied to / still .. noise|leaking|broken|problem|waiting / didnt fix|repair / did not fix|repair
        worse than before / not happy|satisfied|impressed / sick|tired of / what a joke / waste of
        messed|screwed up / damaged my|the / scratched my|the / want my money back / bad experience|service
    """,
    "human": """
        call|phone|ring me / call me back / give me a call|ring|shout|buzz
        can|could|would|have someone|somebody|anyone|you call|phone|ring / please call
        talk|speak|chat to|with / real person|human / human being|agent|person / representative
        an? advisor / live agent|person|chat|operator / operator / a manager|supervisor
        the manager|supervisor / are you a bot|robot|computer|machine|human|person
        is this a bot|robot|machine|human|person|real / customer service|support / need|want a person|human
        put me through / transfer me / connect me / better to call|talk|speak
    """,
    # To a person at once.
    "urgent": """
        accident / towed|tow|towing / broke|broken down / breakdown / emergency / smoking|smoke|steam
        stranded / wont start / does not start / doesnt start / not starting / no|bad brakes
        brakes failed|failing|gone|dont / overheating|overheated|overheats / urgent|urgently / caught fire
        on fire / stuck on|in|at the? side|road|highway|freeway / undrivable / not safe / unsafe / dangerous
        check engine light? .. flashing|blinking / burning smell
    """,
    "wrong_person": """
        dont|do_not own a|an|that|this
        wrong number|person|guy|lady|customer|phone / who is|s this|that / whos this|that / who are you
        not my|his|her car|number|vehicle / dont|do_not know who|anyone|anybody|that|this|any|what
        never heard of / no one by that name / no such person
        dont|do_not own|have|drive a|an|any|this|that car|vehicle|truck / never owned|had a|an|that|this
        this isnt|is_not .. phone|number|me / no longer .. number / new owner of this number
        changed number|numbers
    """,
    "sold_vehicle": """
        sold it|the|that|my|our|this|car|vehicle|truck / have sold / traded it|in|the|that|my
        trade it|that in / totaled|totalled|wrecked / gave it|the|my|that .. away / gave .. to my
        got rid of / getting rid of / lease is|has? over|ended|up|expired / turned it|the .. in
        lease ended|expired / no longer have|own|drive it|the|that|this|my|a
        dont|do_not have|own it|that|the|this .. anymore
        dont|do_not own|have it|that|this car|vehicle|truck|one
        dont|do_not have .. car|vehicle|truck anymore / donated it|the|my / scrapped / junked
        was|got stolen / car is|was gone / bought|got a new car|vehicle|truck|one
    """,
    "already_done": """
        already did|done|had|got|took|been|changed|serviced|brought|have|completed|fixed|replaced it|that|this|the|my|done|there|mine|in
        already did|done|serviced|booked|scheduled|completed|taken
        just|recently had|got|did|done|took|changed it|that|the|my|an|this|one
        had|got it|that|the|my|mine .. done|changed|serviced|replaced|fixed / did it|that myself|already
        do it|that|them myself / do my own / done elsewhere|somewhere|already|myself|yesterday|last
        done by|at another|my|a / was just|already done|there|in / took it|her .. elsewhere|somewhere
        went elsewhere|somewhere
        another|different shop|dealer|dealership|mechanic|garage|place .. did|done|changed
        my husband|brother|son|dad|mechanic|friend|neighbor did|does|changed
        has been|already done|serviced|changed
    """,
    "cancel": """
        wont|not|cannot be able to make it / unable to make it
        cancel|canceling|cancelling|cancle|cancell|cansel|canel|cancellation / call it off / forget it|about
        scrap it|that|the / delete|remove|drop my|the|our|that appointment|booking|reservation|appt
        cant|cannot|wont|couldnt|not make it|my / unable to make|come|attend / not going to make|be
        wont be able to / not be able to / no longer need|want|coming|able / wont|not be coming|there
        not coming / take me off the schedule
        dont need|want the|my|that appointment|appt|booking|slot anymore?
    """,
    "reschedule": """
        reschedule|rescheduled|rescheduling|reschedul|reshedule|resched|rebook|postpone|re-schedule
        move|switch|change|shift|push|bump it|my|the|our|that|this|mine
        changed|switched|pushed to|back|up / different day|time|date|appointment
        another day|time|date|appointment / instead / earlier|later|sooner time|slot|appointment|date|day
        make it|that / new time|date|day|appointment|slot / come|bring .. instead / change to
        rather come|do|have|make / prefer .. instead
        change|amend|alter .. appointment|booking|reservation|appt|time|date
    """,
    "later": """
        cant|cannot talk|text now|right
        not now|yet|today|right / not at this|the time|moment|point / not this week|month|time
        maybe|perhaps|possibly|probably later
        maybe|perhaps|possibly|probably at? another|some other? time|day|date / not just|quite yet
        just|quite yet / not right this some other time / at a later date|time / get back to|with you
        let you know / ill be in touch / will be in touch / not ready
        im|i am|were|currently|am busy|driving|traveling|travelling|away|abroad / out of town|state|the
        im|i am|currently|still at work / after payday|vacation|holidays / when i can|get|have|am|know
        next time / later on / ^^later$ / ^later$ / hold off / wait until|till|a / in the future
        in a while / some time|day later / too early|soon / need to think|check|ask|talk / think about it
        check my|with my / check back / remind me / ask me / try me / ^^another time$ / down the road
        when the weather / dont know yet / not sure yet|when / i will later|think / later date|maybe|please
        maybe next|in / do it later / bad|not a good time / call you back|later|when
        ill call|text you|when|back|later / contact you later|when / reach out when|later / not decided
    """,
    "question": """
        how much|long|far|late|early|often|many|do|does|come|soon
        what is|s|are|was|does|do|will|would|about|kind|type|time|number|phone|address|services|else
        whats|wheres|hows|whens|whys|whos / where is|are|can|do|s / when is|are|will|does|do|can
        why|which|who / price|prices|pricing|cost|costs|quote|estimate|charge|fee|fees
        address|location|directions|located|website|phone number|email
        do|does|are|is|did|will|would|can|could|has|have you|they|it|there|he|she|that|this|the|these|your|i .. offer|accept|take|have|provide|include|included|covered|free|open|need|get|know
        loaner|loaners|loner|shuttle|shuttles|rental|rentals|courtesy car
        coupon|coupons|discount|discounts|special|specials|deal|promotion / warranty|recall / covered
        hours are|of / your hours / open until|till|on|at|saturday|sunday|today|late / do i need|have
        is it|that|this|there / can|could you|i tell|give|get|have|know|find|ask|see
        may i know|have|ask|get / rating|reviews|review / phone number
        contact number|info|information|details / i wonder / wondering|curious if|about|how|what / any idea
        tell me the|about|more|what|how / what for / mind telling|sending
        i need|want|would|d the? phone|address|number|price|rating
        like to know|have|get the|their|your|how|if|what|more / need to know / want to know
    """,
    "other_time": """
        some one else
        do|have|is|are|can|could|how|what|find|show|give|see|look|recommend|suggest|check|want|need|like .. another|different|other
        none of|work|works / neither|nor
        something|anything|someone|anyone|anybody|somebody|somewhere|someplace|anywhere|nothing else|different|other|earlier|later|sooner|closer|better
        other|another time|times|day|days|option|options|one|ones|slot|slots|choice|choices|date|dates|place|places|appointment|appointments|doctor|dentist|salon|therapist|office|stylist|shop|location|opening|openings
        any|some|are|the|have|see|there other|others
        a different one|day|time|place|option|slot|date|shop|location / different one|options|place
        else is|do|have|can|you|could|there|around|available / what|who|where else
        more options|choices|times|slots|of|salons|dentists|doctors / next one|option|choice|please / ^next$
        keep looking|searching
        look|looking|search|searching for? elsewhere|another|other|different|more|someone
        alternative|alternatives|alternatively / not my type|style|thing / not for me
        show|give|send|find|get me? more|other|another|different
        is|are there|that|those all|only|any more|others|another / try another|other|somewhere|different
        maybe another|other|different|someone|something|somewhere / have|got any more|others|other
        find|locate|recommend|suggest .. another|other|different|else|instead
    """,
    # What was offered does not suit; whether anything else would is not said.
    "unsuitable": """
        does|do|will|would|wont|is not .. work|suit|fit|good for?
        doesnt|dont|wont|wouldnt|didnt|isnt .. work|suit|fit|do|good / no good
        dont|do_not like that|it|them|this|those|him|her|the / im|i_am not interested in that
        too early|late|far / not those|these|any
        cant|cannot|unable|wont|not do|make|come|able those|that|these|then|either|any
        none .. good|work|me / cant|cannot do|make
        not available|free|around then|that|those|these|this|at|on
        thats|its|that is too early|late|far|soon
    """,
    # The customer has nothing more to say.
    "closing": """
        nothing else|more|further / thats|that|this|it is|s|will|would|ll be? all|it|everything|enough
        thatll|thats|it|that be? all|it|everything / all done|set|good$
        im|i am|were|we are good|done|all|fine|okay|ok|set now|thanks|thank|for|here / im|i am|were|we are good|done|all|fine|okay|ok|set$
        dont|do not|not|didnt .. anything|nothing else|more|further / need anything|nothing else|more$
        that was all|it|everything / have everything|all i|we need|needed / bye|goodbye
    """,
    "decline": """
        ^no|nope|nah were|ive|weve
        ^no|nope|nah|naw|negative|noo|nooo|nay|np$
        ^no|nope|nah|naw thanks|thank|thx|ty|thanx|sir|maam|mam|way|please|sorry|that|thats|i|im|its|not|need|more|this|the|we|you|it|make|change|book|can|could|is|was|what|but|actually|lets|let|for|my|do|dont|nothing|wait|how|set|schedule|try|thankyou|all|at|on|no|only|only|just|want|would|there|if|one|instead|anything|ill|id|he|she|they
        not interested / no thanks|thank|thx|gracias / no need / dont|do_not need|want|care
        ill|i will|we will|well pass / pass$ / ^pass / not going to / no way / not at all
        not needed|necessary|required
        not|never good|really|exactly|quite|right|correct|what|true|anymore|actually / incorrect
        thats|that is wrong / is|was wrong / thats not|incorrect / that is not|incorrect
        not today|this|for|right|now|yet|at / decline|refuse / i guess|think|suppose not / not anymore
        i dont|do_not think|believe|want|need / would|id rather not / prefer not / of course not
        definitely|certainly|absolutely not / not a chance / wont|will_not be
        no longer interested|want|wish
    """,
    "accept": """
        ^y|yes|yess|yesss|yeah|yea|yeh|yep|yup|yupp|ya|yah|yas|yessir|sure|ok|okay|okey|k|kk|oki|okie|alright|alrighty|absolutely|definitely|certainly|affirmative|confirm|confirmed|correct|indeed|exactly|perfect|great|fine|good|awesome|excellent|wonderful|super|cool|fantastic|amazing|lovely|nice|gladly|totally|deal|agreed|right
        yes|yeah|yep|yup|sure|ok|okay please|pls|plz|thanks|thank|that|it|i / of course / why not
        by all means / please do / go ahead|for / do it|that|so
        lets|let us do|go|book|make|schedule|try|set|take|have
        sounds|sound|sounded|seems|looks|look good|great|fine|perfect|ok|okay|wonderful|nice|awesome|excellent|right|like|lovely|amazing|cool|fantastic|correct
        that|this|it|which|he|she|they|thats|its|those|one is|was|are|s|will|ll|would|should|sounds|works? works|work|good|great|fine|perfect|ok|okay|correct|right|awesome|ideal|excellent|wonderful|nice|cool|acceptable|exactly|alright
        thats|its|thatll|itll|thatd|itd a? works|work|good|great|fine|perfect|ok|okay|correct|right|awesome|ideal|excellent|wonderful|nice|cool|be|it|exactly|what|alright
        that|it|which|this works|work / works for|great|well|perfect|fine|good|with / works$
        book|schedule|reserve|confirm it|that|this|me|them|him|her / take it|that|this / no problem|worries|issue|prob
        sign me up
        ill|i will|i can|we will|well|id|i would take|go|be|do|have|like|love with|that|it|this|there|him|her|them
        see you|ya|u then|there|at|on|tomorrow|monday|tuesday|wednesday|thursday|friday|saturday|soon
        i like|love it|that|this|the|him|her|them|one / i want it|that|this|him|her
        im|i_am in|ok|okay|fine|good with / im|i_am in|ok|okay|fine|good$ / happy with|to / count me in / looking forward
        good|fine|ok|okay|great|perfect|cool with|for|by|to me / thumbsup / good idea|choice|deal|one
        my pleasure / id|i would appreciate|love|like|be that|it|this / that .. do / yes$ / yes please
        ^please$ / youre right / you got it|that / give .. try|whirl|shot
        i can go|do|make|come that|it|then|there / works just|really
        that|it should|will|would|could work|do / everything is|looks correct|right|good|fine|perfect
    """,
    "thanks": """
        thanks|thank|thx|ty|tysm|thankyou|thanx|tks|thnx|thnks|thanku / appreciate|appreciated|grateful
        cheers / much obliged / bless you / gracias
    """,
    # No meaning of their own, and none of what overlaps with them.
    "nothing": """
        later today|tonight|this / no wait|sorry / wait|sorry no / right now / good morning|afternoon|evening|day|night / later that day / make it later
        good|great|nice day|weekend|evening|one$ / other than / the other day|hand / each other / more than
        else can i|we do|help / another question|thing
    """,
    "help": """
        ^^help$ / ^^info$ / ^^help me$ / ^^help please|pls$ / ^^hlp$ / ^^information$ / ^^commands$
        ^^menu$
    """,
    "opt_in": """
        ^^start$ / ^^unstop$ / ^^subscribe$ / ^^resume$ / ^^opt in$ / ^^optin$ / ^^yes start$ / ^^continue$
        opt me back? in / start texting|sending|messaging me again / text|message me again / sign me back up
        resubscribe|resubscribe me / ^^iniciar$ / ^^comenzar$ / ^^empezar$
    """,
    # For an appointment.
    "asking": """
        appointment|appt|apt|appts / schedule / book|booking / come in|by|over / bring it|her|my|the
        drop it? off / available|availability / opening|openings / any time|day / anytime|whenever / asap
        soonest|earliest / as soon as / squeeze me / fit me / get me? in / can|could you do|fit|take
        set up|something / when can|could|should|do i|we|you / what times|days|time|day do|are|works|would
    """,
}
