# Agent Studio, a function for the agent to call before it says goodbye. Give it these parameters in the function editor, all optional:
#
#   answered_by   person, voicemail or unknown
#   disposition   resolved, appointment-booked, callback-requested, information-sent, transferred, not-interested, wrong-person,
#                 message-left, no-message, no-conversation or other
#   agreed        up to three short sentences, separated by line breaks: what the caller will read on the page
#   do_not_call   true if the person does not want to be called again
#
# Appointments and links come from your own systems, not from the language model: set conv.state["appointment"] and
# conv.state["links"] where you book (docs/outcomes.md).


def note_outcome(conv: "Conversation", answered_by="", disposition="", agreed="", do_not_call=False):
    if answered_by:
        conv.state["answered_by"] = answered_by
    if disposition:
        conv.state["disposition"] = disposition
    if agreed:
        conv.state["agreed"] = [line.strip(" -•\t") for line in agreed.splitlines() if line.strip(" -•\t")]
    if do_not_call is True or str(do_not_call).lower() == "true":
        conv.state["do_not_call"] = True
