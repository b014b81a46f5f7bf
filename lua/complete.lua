#!lua flags=allow-oom
--[[
complete: end leased jobs with their outputs, move their documents on, and claim the next jobs: one round trip a step.

KEYS
  slot             hash: the slot's record
ARGV
  incarnation      of the slot
  lanes            space separated, in order of preference; a class as lane:class
  serves           as in claim
  call             number of this call; each is one more than the last
  want             how many jobs to claim afterwards, at most
  jobs...          job, token, output (JSON or @blob; empty for a list), more, item...
                   more: empty for an output that is all there is to say; else "<length> <carried> <source> <step>,<step> <used>":
                   length of the list, or -1; how many items follow, from item 0 on; `ran`, or `kept` (it did not run: its
                   output was kept from before); of the steps that the output decides on, those that are left out; what the
                   run used, "<field>=<number>,…" of the counters, wanted or not
ANSWERS
  leased verdicts jobs part  as claim; verdicts: for each job done, or what it met:
                         stale (the lease is another's now), ended (its document has ended), gone (it was purged)
  none verdicts {}
  paused verdicts {}
  paced verdicts {} part wait  as claim
  sibling verdicts {}
  used verdicts {}
  unrenewed verdicts {}
  ok verdicts {}         nothing was wanted
  repeated verdicts jobs the same call again: the same verdicts, what it claimed and the slot still holds
  old                    a later call was made: nothing changed
  retired                another incarnation has this slot's place: stop
  unknown                no record of this slot
MAY BE SENT AGAIN  yes, with the same call number
]]

local refusal = begin(KEYS[1], ARGV[1], ARGV[4])
if refusal then return answer_of(refusal) end

-- One job with an output and nothing else to say, and one more wanted.
local only, token, output, more, another = unpack(ARGV, 6, 10)
local is_usual = more == '' and output ~= '' and not another and ARGV[5] == '1'
local handed_on = is_usual and plain.hand_on(only, token, output, ARGV[2], ARGV[3])
if handed_on then return handed_on end

local verdicts, at = {}, 6
while ARGV[at] do
  local job, token, output, more = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
  local length, carried, source, unwanted, used = -1, 0, 'ran', '', nil
  if more ~= '' then
    length, carried, source, unwanted, used = string.match(more, '^(%S+) (%S+) (%S+) (%S*) ?(%S*)$')
    length, carried, unwanted = tonumber(length), tonumber(carried), string.gsub(unwanted, ',', ' ')
    count_used(used)
  end
  local doc, own = judge(job, token)
  forget(job, token)
  if doc then
    if carried > 0 then store_items(doc, own, 0, ARGV, at + 4, carried) end
    settle_done(doc, own, output, length >= 0 and length or nil, unwanted, source == 'kept')
    slot.proved = lane_of(doc, own.step) -- what its lane's jobs need is there
  else
    count('late:' .. own)
    -- It ran to its end: what it did outside remains, and people should know.
    if own == 'ended' then note(locate(job), job, 'late', 'it had run to its end when its document ended: its side effects remain') end
  end
  verdicts[#verdicts + 1] = doc and 'done' or own
  at = at + 4 + carried
end

return claim_next(verdicts, ARGV[5], ARGV[2], ARGV[3])
