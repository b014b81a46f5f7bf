#!lua flags=allow-oom
--[[
crash: a process of slots has ended, or is about to be killed: retire its incarnations and give back what they held.
A job that was in it by itself is judged by the cause. Several go back uncounted; where the cause is one that a job may have
brought about, all are suspects, and each is to run alone. Before a kill that docmill
decides, this is called first, and the kill follows only where the answer says that the slot still held that token.

KEYS
  worker           hash: the worker's record
ARGV
  cause            died (seen by the supervisor), limit (the hard limit), memory (its own limit, or the card's), cancelled,
                   drained
  token            of the job that was running, or empty: then the only job held is meant
  facts            for the log: signal or exit code, peak memory, where it hung
  delay            ms until the named job may run again (limit, memory)
  slots...         slot's name, incarnation: a pair for each
ANSWERS
  held jobs        the named job was still held (its document, or its lease, may have ended); jobs: all that were held
  free jobs        no job was held; or, where a token was named, not that one: then nothing was retired
MAY BE SENT AGAIN  yes: the slot's record keeps the answer that its incarnation was retired with
]]

local MOST_DEATHS = 3 -- of a slot while it ran this job: then the job is poison

local cause, token, facts, delay = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])

local function died(doc, own)
  local deaths = tally(doc, own, 'deaths')
  if deaths < MOST_DEATHS then
    count(about(doc.plan, own.step).ended .. ':died')
    settle_again(doc, own, own.attempts, 0)
  else
    settle_failed(doc, own, own.attempts, 'Poison: its process died ' .. deaths .. ' times', 'poison')
  end
end

local function judge_named(doc, own)
  note(doc.id, own.job, cause, facts)
  own.why = facts
  if cause == 'died' then return died(doc, own) end
  if cause == 'limit' then return settle_attempt(doc, own, 'HardLimit', delay) end
  if cause == 'memory' then return settle_memory(doc, own, delay) end
  settle_again(doc, own, own.attempts, 0)
end

-- Where a process ended badly with several jobs in it, nobody knows which of them did it: each runs alone from now on.
local SUSPICIOUS = { died = true, limit = true, memory = true }

local function give_back(doc, own)
  local suspect = SUSPICIOUS[cause]
  note(doc.id, own.job, suspect and 'suspect' or 'returned', facts ~= '' and facts or cause)
  if suspect then own.apart = own.apart or 'alone' end
  settle_again(doc, own, own.attempts, 0)
end

-- The jobs of all these slots, which hold nothing from here on; or the answer that was given before.
local function retire()
  local jobs, before, ended = {}, nil, false
  for at = 5, #ARGV, 2 do
    local record = slot_key(ARGV[at])
    local v = redis.call('HMGET', record, 'incarnation', 'jobs', 'was', 'answer')
    if v[1] == ARGV[at + 1] then
      ended = true
      for _, held in ipairs(parse_jobs(v[2])) do jobs[#jobs + 1] = held end
      redis.call('HSET', record, 'incarnation', 'retired', 'was', v[1], 'jobs', '', 'verdicts', '')
    elseif v[3] == ARGV[at + 1] then
      before = v[4]
    end
  end
  if ended then count('stopped:' .. cause) end
  return jobs, before
end

local function keep_answer(word, names)
  local answer = word .. ' ' .. table.concat(names, ' ')
  for at = 5, #ARGV, 2 do redis.call('HSET', slot_key(ARGV[at]), 'answer', answer) end
end

-- A kill that was decided for a job that is not held any more must not touch what came after it.
local function has_gone_on()
  if token == '' then return false end
  for at = 5, #ARGV, 2 do
    local v = redis.call('HMGET', slot_key(ARGV[at]), 'incarnation', 'jobs', 'was')
    if v[3] == ARGV[at + 1] then return false end
    for _, held in ipairs(v[1] == ARGV[at + 1] and parse_jobs(v[2]) or {}) do
      if held.token == token then return false end
    end
  end
  return true
end

if has_gone_on() then return { 'free', {} } end
local jobs, before = retire()
if before and #jobs == 0 then
  local names = {}
  for name in string.gmatch(before, '%S+') do names[#names + 1] = name end
  return { table.remove(names, 1), names }
end

local names, word = {}, 'free'
if token == '' and #jobs == 1 then token = jobs[1].token end
for i, held in ipairs(jobs) do
  names[i] = held.job
  if held.token == token then word = 'held' end
  local doc, own = judge(held.job, held.token)
  if doc and #jobs == 1 then
    judge_named(doc, own)
  elseif doc then
    give_back(doc, own)
  elseif own == 'ended' and held.token == token then
    note(locate(held.job), held.job, 'killed', facts)
  end
end
if #jobs > 0 then keep_answer(word, names) end
flush()
return { word, names }
