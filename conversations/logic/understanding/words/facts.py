"""Facts and wishes beside the appointment itself, in the language of `phrases`; English and Spanish."""

FACTS = {
    # How they come and go.
    "wait": """
        ill|id|well wait / i|we can|will|would|could|want|like|rather wait / i|ill|we|would|id|to|rather wait there|here|while|on|in / rather wait
        going|want|like|plan to wait / can|could i|we wait / wait for|while it|the|you|they|its|youre|i / waiting room|area / waiter appointment
        espero|esperar|esperare alli|ahi|aqui|el|en|mientras / me espero / puedo esperar / ^espero$
    """,
    "drop_off": """
        drop|dropping|leave|leaving it|her|him|the|my|this .. off|there|with|overnight|for|at|in|all
        drop|dropping off / drop-off / dropoff / leave it|her|the|my / keys in / key drop / night|early drop
        dejarlo|dejarla|dejar|dejo|lo dejo el|mi|carro|coche|auto|alli|ahi|todo / dejarlo|dejarla|dejar|dejo|lo dejo$
    """,
    "loaner": """
        loaner|loaners|loner / loan car|vehicle / courtesy car|vehicle / rental|rent a / rental car
        replacement car|vehicle / another car while / carro|coche|auto prestado|de
    """,
    "shuttle": """
        shuttle|shuttles / need|want|get|have|give|can|could a ride|lift / pick me up / ride home|to|back
        drive me home|to|back / uber|lyft / transporte|traslado / me llevan|lleven|pueden llevar
    """,
    "tow": """
        tow|towed|towing / flatbed / grua / remolque
    """,
    # What changes the data.
    "moved": """
        moved|relocated to|out|away|from|states|last|across / we|i have|ve moved / ive|weve moved
        dont|do_not live .. anymore|there|here / no longer live|in / live in .. now / new address
        im|i_am in another|a different state / me mude|mudamos|mudado / ya no vivo|vivimos
    """,
    "new_contact": """
        new|different|better|other number|phone|cell|email / reach|text|call me at|on / my number|email is
        use this|my other number|email / mi nuevo|otro numero|correo / mi numero es
    """,
    "deceased": """
        passed away / deceased / died / fallecio|murio
    """,
    "call_me": """
        call|phone|ring me / give me a call|ring|buzz / can|could|have someone|somebody|you call|phone
        llamame|llameme|llamenme / me puede|pueden llamar / prefer|rather a? phone|call|talk
    """,
    "running_late": """
        running|be|going|gonna|bit|little|few|minutes|min|mins|get|getting late|behind / late by
        im|i am|ill|were|well .. late / stuck in traffic / be there in / on my way / traffic is|was
        voy|llego|llegare tarde / en camino / retrasado|retrasada|atrasado / llegar tarde
    """,
    # What is asked.
    "asks_price": """
        how much / price|prices|pricing|cost|costs|quote|estimate|charge|fee
        cuanto cuesta|es|vale|cobran|sale|seria / precio|precios|costo|cobran
    """,
    "asks_duration": """
        how long / how many hours|minutes / take long / how much time
        cuanto tiempo|tarda|tardan|dura|demora|demoran
    """,
    "asks_hours": """
        your|opening|business|service hours / what|which hours / are you|yall open / open on|until|till|late
        when|what time do|are|does .. open|close|closing|opening / que horario / a que hora / abren|cierran
    """,
    "asks_address": """
        where are|is|r you|u|yall|it|the|your / your|the address|location / whats|what is the|your address
        directions / how do i get there / donde esta|estan|queda|quedan / direccion|ubicacion
    """,
    "asks_what": """
        what is|s|are it|this|due|included|for / whats due|included|this|that|needed / what for
        what service|services / which car|vehicle / what needs / para que / que incluye|servicio
    """,
}
