#!lua flags=allow-oom
--[[
crash: a process of slots has ended, or is about to be killed: retire its incarnations and give back what they held.
The job that is named is judged by the cause; every other job held goes back uncounted. Before a kill that docmill
decides, this is called first, and the kill follows only where the answer says that the slot still held that token.

KEYS
  worker           hash: the worker's record
ARGV
  cause            died (seen by the supervisor), limit (the hard limit), cancelled, drained, stopped
  token            of the job that was running, or empty: then the only job held is meant
  facts            for the log: signal or exit code, peak memory
  slots...         slot's name, incarnation: a pair for each
ANSWERS
  held jobs        the named job was still held, and judged; jobs: all that went back
  free jobs        no job, or not the named one, was held
MAY BE SENT AGAIN  yes: an incarnation that is retired already holds nothing
]]

local MOST_DEATHS = 3 -- of a slot while it ran this job: then the job is poison

local cause, token, facts = ARGV[1], ARGV[2], ARGV[3]

local function died(doc, own)
  local field = own.step .. (own.item and '[' .. own.item .. ']' or '') .. '.deaths'
  local deaths = redis.call('HINCRBY', doc_key(doc.id), field, 1)
  count('ended:' .. doc.name .. ':' .. own.step .. ':died')
  if deaths >= MOST_DEATHS then return settle_failed(doc, own, own.attempts, 'Poison: its process died ' .. deaths .. ' times') end
  settle_again(doc, own, own.attempts, 0)
end

local function judge_named(doc, own)
  note(doc.id, own.job, cause, facts)
  if cause == 'died' then return died(doc, own) end
  if cause == 'limit' then return settle_attempt(doc, own, 'HardLimit', 0) end
  settle_again(doc, own, own.attempts, 0)
end

local function give_back(held)
  local doc, own = judge(held.job, held.token)
  if not doc then return end
  note(doc.id, held.job, 'returned', 'its process ended (' .. cause .. ')')
  settle_again(doc, own, own.attempts, 0)
end

-- The jobs of all these slots, which hold nothing from here on.
local function retire()
  local jobs = {}
  for at = 4, #ARGV, 2 do
    local record = slot_key(ARGV[at])
    local v = redis.call('HMGET', record, 'incarnation', 'jobs')
    if v[1] == ARGV[at + 1] then
      for _, held in ipairs(parse_jobs(v[2])) do jobs[#jobs + 1] = held end
      redis.call('HSET', record, 'incarnation', 'retired', 'jobs', '', 'verdicts', '')
    end
  end
  return jobs
end

local jobs, names, word = retire(), {}, 'free'
if token == '' and #jobs == 1 then token = jobs[1].token end
for i, held in ipairs(jobs) do
  names[i] = held.job
  local doc, own = nil, nil
  if held.token == token then doc, own = judge(held.job, held.token) end
  if doc then
    word = 'held'
    judge_named(doc, own)
  else
    give_back(held)
  end
end
flush()
return { word, names }
