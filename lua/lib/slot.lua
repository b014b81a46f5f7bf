-- A slot's record: who it is (incarnation), what it called last and was answered, what it holds.
-- The same call number again answers the same, without looking at the document; a lower one is refused.
-- @include keys document fan

-- jobs: "<job> <token> <call number of its claim>", joined by " | "
local function parse_jobs(text)
  local jobs = {}
  for job, token, claimed in string.gmatch(text or '', '(%S+) (%d+) (%d+)') do
    jobs[#jobs + 1] = { job = job, token = token, claimed = claimed }
  end
  return jobs
end

local function format_jobs(jobs)
  if #jobs == 0 then return '' end
  local first = jobs[1]
  local text = first.job .. ' ' .. first.token .. ' ' .. first.claimed
  for i = 2, #jobs do text = text .. ' | ' .. jobs[i].job .. ' ' .. jobs[i].token .. ' ' .. jobs[i].claimed end
  return text
end

-- Returns nil where the call may go on, else the word of the refusal, or `repeated`.
local function begin(record_key, incarnation, number)
  local v = redis.call('HMGET', record_key, 'incarnation', 'call', 'verdicts', 'jobs', 'renewed', 'lease')
  if not v[1] then return 'unknown' end
  slot = { batch = nil, part = nil, proved = nil, paused = nil, wait = nil, hurried = nil, sized = 0, parsed = 0, key = record_key, name = name_of_slot(record_key), verdicts = v[3], held = v[4] or '', jobs = nil, lease = v[6], call = number,
    renewed = v[5] }
  if v[1] ~= incarnation then return 'retired' end
  local ahead = number - v[2]
  if ahead <= 0 then return ahead == 0 and 'repeated' or 'old' end
end

local function may_claim() return slot.lease - (NOW - slot.renewed) >= 0 end

-- Take a job out of a list of those held; returns whether it was there.
local function take_out(jobs, job, token)
  for i = 1, #jobs do
    if jobs[i].job == job and jobs[i].token == token then
      table.remove(jobs, i)
      return true
    end
  end
end

-- What it holds stays text where it is one job, as mostly.
local function jobs_held()
  slot.jobs = slot.jobs or parse_jobs(slot.held)
  return slot.jobs
end

local function holds_only(job, token)
  local only = job .. ' ' .. token .. ' '
  return string.sub(slot.held, 1, #only) == only and not slot.jobs and not string.find(slot.held, '|', 1, true)
end

local function forget(job, token)
  if holds_only(job, token) then
    slot.held = ''
  else
    take_out(jobs_held(), job, token)
  end
end

local function hold_job(job, token)
  if slot.held == '' and not slot.jobs then
    slot.held = job .. ' ' .. token .. ' ' .. slot.call
  else
    local jobs = jobs_held()
    jobs[#jobs + 1] = { job = job, token = token, claimed = slot.call }
  end
end

local function remember(verdicts)
  local text, held = table.concat(verdicts, ' '), slot.jobs and format_jobs(slot.jobs) or slot.held
  if text == slot.verdicts then
    redis.call('HSET', slot.key, 'call', slot.call, 'jobs', held)
  else
    redis.call('HSET', slot.key, 'call', slot.call, 'verdicts', text, 'jobs', held)
  end
end

