"""What people say, by what they mean by it; written in the language of `phrases`. Spanish, without accents."""

INTENTS = {
    "complaint": """
        queja|quejarme|quejo / pesimo|pesima|terrible|horrible / estafa|estafadores|robo
        muy mal|malo|mala servicio|atencion|experiencia? / enojado|enojada|molesto|molesta
        abogado|demanda|demandar / reembolso / inaceptable / decepcionado|decepcionada / me cobraron de mas
        todavia .. ruido|problema|falla / no lo arreglaron
    """,
    "human": """
        llamame|llameme|llamenme|llama / me puede|pueden|podria|podrian llamar / hablar con / una persona
        un asesor|humano|agente|representante / con alguien / eres|es un robot|bot|maquina
    """,
    # To a person at once.
    "urgent": """
        accidente / grua / emergencia / urgente|urgencia / no arranca|prende|enciende / varado|varada
        se descompuso / humo / sin frenos / se calienta|sobrecalienta
    """,
    "wrong_person": """
        numero equivocado / persona equivocada / se equivoco|equivoca / no soy / quien es|eres|habla
        no lo|la conozco / no es mi numero|carro|coche|auto
        no tengo ese|este|ningun carro|coche|auto|vehiculo
    """,
    "sold_vehicle": """
        vendi|vendio|vendimos|vendido / ya no tengo|tenemos|es / lo|la cambie por / se lo di / me lo robaron
        perdida total
    """,
    "already_done": """
        ya lo|la|le hice|lleve|cambie|hicieron|hizo|hicimos|arregle / ya fue|fui|esta hecho?
        ya me lo|la hicieron / ya se hizo / lo|la hice|lleve en|a|con otro|otra|mi|yo / lo hago yo
        en otro taller|lugar|lado
    """,
    "cancel": """
        cancelar|cancela|cancele|cancelen|cancelo|cancelacion|anular|anule / no voy|vamos a poder
        no podre|podremos / no puedo ir|asistir|llegar / ya no voy|puedo|quiero|necesito
    """,
    "reschedule": """
        cambiar|cambiarla|cambiarlo|cambie|mover|moverla|moverlo|reprogramar|reagendar|posponer|aplazar
        otro dia|horario / otra hora|fecha / mejor el|a|la|manana|otro / en vez|lugar de
        mas temprano|tarde
    """,
    "later": """
        ahora no / ahorita no / por ahora|el / todavia no / aun no / mas tarde|adelante / luego
        despues les|te|le|me / otro momento / en otro|otra momento|ocasion / le|les|te aviso
        yo les|le|te aviso|llamo|escribo / estoy ocupado|ocupada|manejando|trabajando|viajando|fuera
        la proxima vez / tal vez|quiza|quizas|quizas mas|luego|despues|otro
        cuando pueda|cobre|tenga|regrese / lo voy a pensar / lo pienso / no puedo ahora|hoy
    """,
    "question": """
        cuanto|cuantos|cuanta / precio|precios|costo|cuesta|vale|cobran / donde|adonde / direccion|ubicacion
        por que / que horario|hora|horas|incluye|es|servicio|dias / horario|horarios / a que hora
        abren|cierran|abierto / tienen|hay|ofrecen|aceptan / puedo esperar|dejarlo|dejar
        como llego|funciona / cual|cuales|cuando
        garantia|descuento|descuentos|cupon|cupones|prestamo|prestado / necesito saber
        me puede decir|dar|informar
    """,
    "other_time": """
        otra|otro|otras|otros hora|horario|dia|opcion|fecha|cita|horas|horarios|dias|opciones|fechas
        algo mas|diferente|otro / hay otra|otro|otras|otros|mas / mas opciones|horarios
    """,
    # What was offered does not suit; whether anything else would is not said.
    "unsuitable": """
        ningun|ninguno|ninguna|ningunos|ningunas / no me sirve|sirven|queda|quedan|va|funciona|conviene
        muy temprano|tarde / no puedo .. esa|ese|esos|esas
    """,
    # The customer has nothing more to say.
    "closing": """
        nada mas / eso es todo / seria todo
    """,
    "decline": """
        ^no$ / ^no gracias|quiero|necesito|por|me|muchas / no gracias / no me interesa / no quiero|necesito
        no hace falta / no es necesario / para nada / ^nop$ / incorrecto
    """,
    "accept": """
        ^si|sii|simon|claro|vale|dale|bueno|perfecto|perfecta|correcto|exacto|listo|ok|okay|excelente|genial|obvio|confirmo|confirmado|confirmada|adelante|acepto|sip|seguro
        si por|gracias|quiero|esta|me|claro|a|el|la / claro que si / por supuesto / de acuerdo
        esta bien|perfecto / esta .. bien
        me sirve|parece|queda|va|conviene|funciona|gusta bien|perfecto|la|el|esa|ese / me sirve|parece|queda|va|conviene|funciona|gusta$
        agendame|agendar|agende|agendeme|reserva|reserve|reserveme / ahi estare|nos / alli estare
        nos vemos / con gusto / como no / quiero la|el|esa|ese / esa|ese esta|es|me
    """,
    "thanks": """
        gracias / muy amable / se lo agradezco / agradecido|agradecida
    """,
    "help": """
        ^^ayuda$ / ^^informacion$
    """,
    # For an appointment.
    "asking": """
        cita|citas / agendar / disponible|disponibles|disponibilidad / cuando puedo|pueden|podria|hay|tienen
        llevar|traer lo|mi|el / llevarlo|traerlo / cualquier dia|hora / lo antes posible
    """,
}
